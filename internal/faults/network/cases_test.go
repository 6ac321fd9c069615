package network_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/goingdark-social/bot/internal/faultproxy"
	"github.com/goingdark-social/bot/internal/registrytest"
)

// situation is one way in which one stand-in is in trouble from some request on.
type situation struct {
	name string
	// on does it, and off ends it.
	on, off func(*network)
	// slow ones wait for what nobody sends: only the full run has the time.
	slow bool
}

func answers(status int, header map[string]string, body string) faultproxy.Fault {
	f := faultproxy.Fault{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
	for name, value := range header {
		f.Header.Set(name, value)
	}

	return f
}

const page = "<!DOCTYPE html><html><title>Sign in to the network</title><body>Please</body></html>"

func troubles() map[string]faultproxy.Fault {
	again := func(s string) map[string]string { return map[string]string{"Retry-After": s} }
	html := map[string]string{"Content-Type": "text/html"}

	return map[string]faultproxy.Fault{
		"reset":                   {Trouble: faultproxy.Reset},
		"answer lost":             {Trouble: faultproxy.Lost},
		"reset in the body":       {Trouble: faultproxy.ResetBody},
		"truncated":               {Trouble: faultproxy.Truncated},
		"stalled":                 {Trouble: faultproxy.Stalled},
		"stalled in the body":     {Trouble: faultproxy.StalledBody},
		"slow":                    {Trouble: faultproxy.Slow},
		"wrong content type":      {Trouble: faultproxy.Mistyped},
		"500":                     answers(500, nil, `{"message":"Server Error"}`),
		"502 with a page":         answers(502, html, page),
		"503":                     answers(503, nil, ``),
		"503, again in 1 s":       answers(503, again("1"), ``),
		"503, again in an hour":   answers(503, again("3600"), ``),
		"429":                     answers(429, nil, `{"message":"Too Many Requests"}`),
		"429, again in 1 s":       answers(429, again("1"), `{"message":"Too Many Requests"}`),
		"429, again in an hour":   answers(429, again("3600"), `{"message":"Too Many Requests"}`),
		"429, again in nonsense":  answers(429, again("soon"), `{"message":"Too Many Requests"}`),
		"403":                     answers(403, nil, `{"message":"Forbidden"}`),
		"403, again in 1 s":       answers(403, again("1"), `{"message":"You have exceeded a secondary rate limit."}`),
		"the token expired":       answers(401, nil, `{"message":"Bad credentials"}`),
		"a page for JSON":         answers(200, html, page),
		"JSON that is none":       answers(200, nil, `{"number": "many", `),
		"an empty answer":         answers(200, nil, ``),
		"null":                    answers(200, nil, `null`),
		"an endless list":         answers(200, map[string]string{"Link": `<http://127.0.0.1:1/?page=2>; rel="next"`}, `[]`),
		"a redirect to elsewhere": answers(307, map[string]string{"Location": "https://elsewhere.invalid/x"}, ``),
		"a redirect in circles":   answers(307, map[string]string{"Location": "?again=1"}, ``),
	}
}

// quick is what a sample takes at most: the others wait for timeouts.
func slowly(trouble string) bool {
	return strings.HasPrefix(trouble, "stalled") || strings.HasPrefix(trouble, "429") || strings.HasPrefix(trouble, "50")
}

func situations() []situation {
	var all []situation

	for _, who := range standIns() {
		for name, fault := range troubles() {
			for _, from := range []int{1, 3, 7} {
				for _, once := range []bool{true, false} {
					all = append(all, proxied(who, name, fault, from, once))
				}
			}
		}
	}

	return append(all, others()...)
}

func proxied(who, name string, fault faultproxy.Fault, from int, once bool) situation {
	how := map[bool]string{true: "request", false: "every request from"}[once]

	return situation{
		name: fmt.Sprintf("%s: %s, %s %d", who, name, how, from),
		slow: slowly(name),
		on: func(n *network) {
			n.proxies[who].Fail(func(i int, _ *http.Request) *faultproxy.Fault {
				if i == from || i > from && !once {
					return &fault
				}

				return nil
			})
		},
		off: func(n *network) { n.proxies[who].Fail(nil) },
	}
}

// others are troubles that a proxy does not make.
func others() []situation {
	var all []situation

	for name, err := range map[string]error{
		"DNS":     &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "ghcr.io", IsNotFound: true}},
		"TLS":     &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		"refused": &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("connect: connection refused")},
	} {
		all = append(all, clientSide("everything but git: "+name, err))
	}

	for name, fault := range map[string]registrytest.Fault{
		"pages that loop":       {Trouble: registrytest.LoopingPages},
		"pages without end":     {Trouble: registrytest.EndlessPages},
		"pages elsewhere":       {Trouble: registrytest.ForeignLink},
		"an answer without end": {Trouble: registrytest.Huge},
	} {
		all = append(all, registryMisbehaves(name, fault))
	}

	all = append(all, situation{
		name: "registry: a listed tag whose manifest is gone",
		on: func(n *network) {
			n.proxies["registry"].Fail(func(_ int, r *http.Request) *faultproxy.Fault {
				if strings.Contains(r.URL.Path, "/manifests/") {
					return &faultproxy.Fault{Status: http.StatusNotFound, Body: `{"errors":[{"code":"MANIFEST_UNKNOWN"}]}`}
				}

				return nil
			})
		},
		off: func(n *network) { n.proxies["registry"].Fail(nil) },
	})

	for _, skew := range []time.Duration{-48 * time.Hour, -time.Minute, time.Minute, 48 * time.Hour} {
		all = append(all, situation{
			name: "the clock is off by " + skew.String(),
			on:   func(n *network) { n.now = midday.Add(skew) },
			off:  func(n *network) { n.now = midday },
		})
	}

	return all
}

func clientSide(name string, err error) situation {
	var before http.RoundTripper

	return situation{
		name: name, slow: true,
		on:  func(n *network) { before, n.way = n.way, failing{err} },
		off: func(n *network) { n.way = before },
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func registryMisbehaves(name string, fault registrytest.Fault) situation {
	mend := func() {}

	return situation{
		name: "registry: " + name,
		on:   func(n *network) { mend = n.Registry.Break(fault) },
		off:  func(*network) { mend() },
	}
}
