package dashboard

import (
	"cmp"
	"net/http"
	"time"

	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/status"
)

// State is what the pages show, as of one moment.
type State struct {
	// Repositories are what is known of each, in the order of the operator's
	// file; one that no pass has looked at yet has a zero At.
	Repositories []status.Repository
	// Branches are what the base branch of a repository ran over time, by the
	// repository's name; one that is missing has no picture.
	Branches map[string]*history.Branch
	// Releases are the upstream releases that are known, ascending.
	Releases []history.Release
}

// Options say what is shown, and to whom. State is required.
type Options struct {
	// State is asked for each page.
	State func() State
	// Access says who may look. Default: whoever asks a loopback address by a
	// loopback name.
	Access Access
	// Refresh is how long a page stays before the browser asks again.
	// Default: one minute.
	Refresh time.Duration
	// Version of the program, for the foot of the page. Default: "devel".
	Version string
	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

// New is the handler of every page. It serves / and what is below; which of
// that is another's is for the mux around it to say.
func New(o Options) (http.Handler, error) {
	if err := o.Access.check(); err != nil {
		return nil, err
	}

	o.Refresh = cmp.Or(o.Refresh, time.Minute)
	o.Version = cmp.Or(o.Version, "devel")

	if o.Now == nil {
		o.Now = time.Now
	}

	d := &dashboard{Options: o}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", d.list)
	mux.HandleFunc("GET /applications/{owner}/{repository}/{application}", d.application)
	mux.HandleFunc("GET /assets/{name}", asset)
	mux.HandleFunc("GET /", d.nothing)
	mux.HandleFunc("/", refused)

	return guarded(o.Access, mux), nil
}

type dashboard struct{ Options }
