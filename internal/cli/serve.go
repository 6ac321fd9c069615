package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/server"
)

// serving is how the service was asked to run.
type serving struct {
	repository, listen, logFormat string
	queue                         string   // PostgreSQL's connection string
	replica                       *replica // nil: this process works alone
	jitter                        time.Duration
	configured                    string // the operator's server.listen at the start
	shown                         *pages // what the dashboard shows

	clock     clockwork.Clock // nil: the real one
	listening func(net.Addr)  // nil: it is logged alone
}

func newServe(p *Program, g *globals) *cobra.Command {
	var s serving

	cmd := &cobra.Command{
		Use:   "serve",
		Short: "The same passes on a schedule, with a dashboard, health checks and metrics",
		Long: `Serve makes a pass at once and then on the schedule of the operator's file, never
two at a time. When the file changes it is loaded anew; a broken one is refused
and the old one stays. Asked to stop, it finishes the step in hand, begins no
other, and ends within 5 seconds.

It listens on 127.0.0.1:8080 unless told otherwise, and answers there
  /          the dashboard: pages for people, which on any address that is not
             loopback need a token or a proxy (server.dashboard in --config)
  /healthz   200 while the loop that makes the passes turns: else start it anew
  /readyz    200 while the passes come as the schedule says
  /metrics   for Prometheus
  /webhook   for GitHub, where the operator's file names a secret: what happens there
             is then seen at once, and not only on the schedule`,
		Example: example(
			"GITHUB_TOKEN=… bot serve --repo example/gitops",
			"bot serve --config /etc/bot/config.yaml --log-format json",
			"bot serve --config /etc/bot/config.yaml --queue postgres://bot@db.example.org/bot",
		),
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.logFormat != "text" && s.logFormat != "json" {
				return misused(cmd.CommandPath(), "--log-format is text or json, not %q", s.logFormat)
			}

			operator, err := p.operator(g, s.repository)
			if err != nil {
				return err
			}

			if len(operator.Repositories) == 0 && !operator.Discovers() {
				return misused(cmd.CommandPath(), "no repository: give --repo owner/name, or list repositories in --config")
			}

			return p.serve(cmd.Context(), g, s)
		},
	}

	flags := cmd.Flags()
	flags.StringVar(&s.repository, "repo", "", "the repository on GitHub (owner/name); default: those of the operator's file")
	flags.StringVar(&s.listen, "listen", "", "host:port for the dashboard, health checks and metrics; default: that of the operator's file")
	flags.StringVar(&s.queue, "queue", "", "share the repositories with other replicas through this PostgreSQL (postgres://… without a password, which process lists show); default: queue.dsnFrom of the operator's file, or alone")
	flags.StringVar(&s.logFormat, "log-format", "text", "how is logged to stderr: text or json")
	flags.DurationVar(&s.jitter, "jitter", 30*time.Second, "delay each scheduled pass by a random time below this")

	return cmd
}

func (p *Program) serve(ctx context.Context, g *globals, s serving) error {
	operator, err := p.operator(g, s.repository)
	if err != nil {
		return err
	}

	s.configured = operator.Server.Listen
	if s.listen == "" {
		s.listen = s.configured
	}

	g.handler = server.LogHandler(s.handler(p, g))
	log := slog.New(g.handler)
	s.shown = newPages(log)

	pages, err := p.pagesHandler(s.shown, operator.Server.Dashboard, s.listen)
	if err != nil {
		return err
	}

	o := server.Options{
		Pages:     pages,
		Around:    p.veil.Handler,
		Load:      func(context.Context) (server.Setup, error) { return p.setup(g, &s, log) },
		Listen:    s.listen,
		Listening: func(at net.Addr) { s.announce(log, at) },
		Version:   programVersion(),
		Clock:     s.clock,
		Log:       log,
	}

	if g.config != "" {
		o.Source = func() ([]byte, error) { return p.ReadFile(g.config) }
	}

	service, err := server.New(o)
	if err != nil {
		return err
	}

	if s.replica, err = p.replica(ctx, operator, s.queue, log); err != nil {
		return err
	}

	return s.replica.beside(ctx, service.Run)
}

// setup is the configuration as it is now, and the crew that it asks for.
func (p *Program) setup(g *globals, s *serving, log *slog.Logger) (server.Setup, error) {
	operator, err := p.operator(g, s.repository)
	if err != nil {
		return server.Setup{}, err
	}

	if operator.Server.Listen != s.configured {
		log.Warn("server.listen has changed, which takes a new start", "from", s.configured, "to", operator.Server.Listen)
	}

	c, err := p.crew(g, operator, log)
	if err != nil {
		return server.Setup{}, err
	}

	c.shown = s.shown
	s.shown.expect(operator.Repositories)

	hook, err := c.webhook()
	if err != nil {
		return server.Setup{}, fmt.Errorf("no secret for webhooks: %w", err)
	}

	setup := server.Setup{
		Schedule: operator.Schedule, Location: operator.TimeZone, Jitter: s.jitter,
		Pass: c.pass, PassOver: c.passOver, Webhook: hook,
	}
	s.replica.takeOver(c, &setup)

	return setup, nil
}

// handler writes what happens to stderr; a service says more than a command.
func (s serving) handler(p *Program, g *globals) slog.Handler {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	if g.verbose {
		o.Level = slog.LevelDebug
	}

	if s.logFormat == "json" {
		return slog.NewJSONHandler(p.Stderr, o)
	}

	return slog.NewTextHandler(p.Stderr, o)
}

func (s serving) announce(log *slog.Logger, at net.Addr) {
	log.Info("listening for the dashboard, health checks and metrics", "address", at.String())

	if tcp, ok := at.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		log.Warn("this is not loopback: whoever reaches the address reads the metrics")
	}

	if s.listening != nil {
		s.listening(at)
	}
}
