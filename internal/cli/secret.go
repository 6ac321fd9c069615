package cli

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/veil"
)

// cover hides secrets in all that this run prints, logs and is told by servers,
// from the first mistake on that it was called with.
func (p *Program) cover() {
	p.veil = &veil.Veil{}
	p.veil.Keep(veil.Addresses(p.Args...)...)

	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"} { // what Go reads by itself
		p.veil.Keep(veil.Addresses(p.Getenv(name), p.Getenv(strings.ToLower(name)))...)
	}

	p.Stdout, p.Stderr = p.veil.Writer(p.Stdout), p.veil.Writer(p.Stderr)
	p.Transport = p.veil.Transport(p.Transport)

	if p.Git != nil {
		p.Git = p.veil.Transport(p.Git)
	}
}

// secret reads one, which is hidden from then on.
func (p *Program) secret(from config.Source) (config.Secret, error) {
	s, err := from.Read(p.Getenv, p.ReadFile)
	p.veil.Keep(s.Reveal())

	return s, err
}

// recovered ends a run that panicked as one that failed: what Go prints by
// itself passes no veil, and its status means something else here.
func (p *Program) recovered(status *int) {
	v := recover()
	if v == nil {
		return
	}

	fmt.Fprintf(p.Stderr, "bot: this is a defect of the bot, please report it: panic: %s\n%s", printable(fmt.Sprint(v)), debug.Stack())

	*status = exitFailed
}
