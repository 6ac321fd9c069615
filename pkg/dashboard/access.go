package dashboard

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Access says who may look. With neither a token nor a proxy the pages are for
// this machine alone.
type Access struct {
	// Listen is the address that is listened on, host:port. Without Token and
	// Proxy it must be a loopback address.
	Listen string
	// Token is asked for, as a bearer token or as the password of a browser's
	// own prompt, whatever the name. It is read anew for each request, so that
	// it may change; while it cannot be read nobody may look. Default: none.
	Token func() (string, error)
	// Proxy is a proxy in front that knows who people are. Default: none.
	Proxy *Proxy
	// Hosts are names under which the pages may be asked for, without ports.
	// Default: those of loopback; any where a token or a proxy is asked for.
	Hosts []string
}

// Proxy is a proxy that says in a header who is asking.
type Proxy struct {
	// Header that it sets, and takes out of what people send. Required.
	Header string
	// From are the addresses that it asks from; the header of any other is
	// not believed. Required.
	From []netip.Prefix
}

// OpenError tells that the pages would be open to whoever reaches an address.
type OpenError struct{ Listen string }

func (e *OpenError) Error() string {
	return fmt.Sprintf("the dashboard would be open to everybody who reaches %s: listen on a loopback address, "+
		"give server.dashboard a token or a proxy, or turn it off with server.dashboard.enabled: false", e.Listen)
}

func (a Access) check() error {
	switch {
	case a.Proxy != nil && (a.Proxy.Header == "" || len(a.Proxy.From) == 0):
		return errors.New("a proxy in front of the dashboard needs both its header and the addresses that it asks from")
	case !a.closed() && !Loopback(a.Listen):
		return &OpenError{a.Listen}
	}

	return nil
}

// closed tells that people must say who they are.
func (a Access) closed() bool { return a.Token != nil || a.Proxy != nil }

// Loopback tells whether an address host:port is reached from this machine
// alone. One without a host is not, and a name is only "localhost".
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)

	return err == nil && loopbackName(host)
}

func loopbackName(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}

	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))

	return err == nil && ip.Unmap().IsLoopback()
}

// admits tells whether a request comes from somebody who may look.
func (a Access) admits(r *http.Request) bool {
	if !a.closed() {
		return true
	}

	return a.knows(given(r)) || a.Proxy != nil && a.Proxy.vouches(r)
}

// knows tells whether a token is the one.
func (a Access) knows(given string) bool {
	if a.Token == nil || given == "" {
		return false
	}

	token, err := a.Token()

	return err == nil && token != "" && equal(given, token)
}

// given is the token that a request brings.
func given(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}

	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}

	return strings.TrimSpace(token)
}

// equal compares in a time that tells neither length nor content.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))

	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// vouches tells whether the proxy sent a request, for somebody it knows.
func (p *Proxy) vouches(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || r.Header.Get(p.Header) == "" {
		return false
	}

	return slices.ContainsFunc(p.From, func(n netip.Prefix) bool { return n.Contains(from.Addr().Unmap()) })
}

// named tells whether the pages may be asked for under a host. A page that a
// browser was led to by a name of somebody else's (DNS rebinding) may not.
func (a Access) named(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}

	host = strings.Trim(host, "[]")
	if slices.ContainsFunc(a.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return true
	}

	return loopbackName(host) || a.closed() && len(a.Hosts) == 0
}
