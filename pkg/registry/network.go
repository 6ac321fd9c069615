package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"unicode"
)

// permitted holds every request, redirect and token request to HTTPS; plain HTTP is for loopback and for the hosts that the options name.
func (w *wire) permitted(u *url.URL) error {
	switch {
	case u.Scheme == "https" && !w.plain[u.Host]:
		return nil
	case u.Scheme == "https":
		return refused("%s speaks plain HTTP, as the options say", u.Host) // spares the try for TLS
	case u.Scheme == "http" && (w.plain[u.Host] || loopback(u.Hostname())):
		return nil
	default:
		return refused("refusing to send a request to %s over %s", u.Host, u.Scheme)
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)

	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// severed judges a request that got no whole answer. What a certificate or a name lacks, waiting does not mend.
func (w *wire) severed(err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}

	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return &failure{err: errors.New("the server does not speak TLS")}
	}

	if untrusted(err) {
		return &failure{err: fmt.Errorf("the server's certificate is not trusted: %s", plainText(err.Error()))}
	}

	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return &failure{temporary: true, err: fmt.Errorf("the name %s can't be resolved", plainText(dns.Name))}
	}

	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &failure{temporary: true, err: fmt.Errorf("no whole answer within %s", w.opts.Timeout)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &failure{temporary: true, err: errors.New("the connection was cut")}
	default:
		return &failure{temporary: true, err: errors.New(plainText(err.Error()))}
	}
}

func untrusted(err error) bool {
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, hostname := errors.AsType[x509.HostnameError](err)

	return verification || authority || hostname
}

// plainText is a text fit for one line of a terminal.
func plainText(text string) string {
	const most = 200

	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}

		return r
	}, text)

	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}

	return text
}

// shown is an image's name without what somebody may have put before an @ in the host ("user:secret@ghcr.io/…").
func shown(image string) string {
	host, rest, found := strings.Cut(image, "/")
	if at := strings.LastIndex(host, "@"); found && at >= 0 {
		return host[at+1:] + "/" + rest
	}

	return image
}
