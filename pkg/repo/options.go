package repo

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/veil"
)

// Options says which repository, as whom, and how patiently.
type Options struct {
	// URL of the repository: https://host/owner/name(.git), or for SSH
	// ssh://git@host/owner/name or git@host:owner/name. Required. User and
	// password in an HTTPS URL are used where Auth has no Token, and are never
	// shown again.
	URL string
	// Auth is how to prove who we are. Default: nobody, or the SSH agent.
	Auth Auth
	// Mirror is a folder for a bare mirror that later runs and other processes
	// reuse, one for each repository; it is made where it does not exist, and
	// made anew when it is broken. Default: "", everything is kept in memory.
	Mirror string
	// MaxBlob is the size above which a file's content is not fetched when
	// the server can leave it out (partial clone); reading it then is a
	// *LargeFileError. Default: 32 MiB.
	MaxBlob int64
	// Seam is what every push passes. Default: effect.Direct.
	Seam effect.Seam
	// Author signs commits where the message names no one else, and is the
	// committer of all. Default: bot <bot@noreply.invalid>.
	Author Signature
	// Signer signs the commits of branches; those of the state are nobody's.
	// Default: nil, they are not signed.
	Signer Signer
	// Now is the clock that dates commits. Default: time.Now.
	Now func() time.Time
	// Transport carries HTTP requests. Default: net/http's, proxies from the
	// environment included.
	Transport http.RoundTripper
	// PlainHTTP allows a token to be sent over http:// to a host that is not
	// this machine. Default: false, that is an error.
	PlainHTTP bool
	// Timeout bounds each operation on the network as a whole. Default: 5 min.
	Timeout time.Duration
	// Idle bounds how long a server may send nothing over HTTP, and how long
	// connecting may take over SSH. Default: 1 min.
	Idle time.Duration
	// Retries is how often reading is tried again after a temporary failure;
	// below 0 is never. A push is never sent twice. Default: 2.
	Retries int
	// Log hears what was fetched and pushed, at debug level. Default: nobody.
	Log *slog.Logger
	// Veil hides the tokens in what errors and logs repeat. Default: one of its
	// own, which knows those that were used here.
	Veil *veil.Veil
}

// Auth proves who we are: a token over HTTPS, or a key over SSH.
type Auth struct {
	// Username goes with the token or key.
	// Default: x-access-token for HTTPS; for SSH the URL's, else git.
	Username string
	// Token gives the HTTPS token, asked for anew at every operation so that
	// short-lived ones work. An empty token is none.
	Token func(context.Context) (string, error)
	// SSHKeyFile is a private key. Default: the agent behind SSH_AUTH_SOCK.
	SSHKeyFile string
	// SSHPassphrase opens the key file. Default: it has none.
	SSHPassphrase func(context.Context) (string, error)
	// SSHKnownHosts are the files that hold the hosts' keys; a host that is in
	// none of them is refused. Default: ~/.ssh/known_hosts and
	// /etc/ssh/ssh_known_hosts.
	SSHKnownHosts []string
}

// Signature names a person, or the bot, in a commit.
type Signature struct{ Name, Email string }

const (
	defaultTimeout = 5 * time.Minute
	defaultIdle    = time.Minute
	defaultRetries = 2
	defaultMaxBlob = 32 << 20
)

func (o Options) withDefaults() Options {
	o.Seam = effect.Or(o.Seam)

	if o.Author == (Signature{}) {
		o.Author = Signature{Name: "bot", Email: "bot@noreply.invalid"}
	}

	if o.Veil == nil {
		o.Veil = &veil.Veil{}
	}

	if o.Now == nil {
		o.Now = time.Now
	}

	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}

	if o.Idle <= 0 {
		o.Idle = defaultIdle
	}

	if o.Retries == 0 {
		o.Retries = defaultRetries
	}

	if o.MaxBlob <= 0 {
		o.MaxBlob = defaultMaxBlob
	}

	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	return o
}

// check reports options that contradict each other.
func (o Options) check(a address) error {
	switch {
	case a.ssh && o.Auth.Token != nil:
		return errors.New("a token is for an https URL, and this one is for SSH: give an SSH key instead")
	case !a.ssh && (o.Auth.SSHKeyFile != "" || len(o.Auth.SSHKnownHosts) > 0):
		return errors.New("an SSH key is for an ssh URL, and this one is for HTTP: give a token instead")
	case !a.ssh && a.plain && !a.loopback && !o.PlainHTTP && (o.Auth.Token != nil || a.password != ""):
		return errors.New("a token over http:// can be read by everybody on the way: use https://")
	}

	return nil
}
