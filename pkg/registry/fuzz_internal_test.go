package registry

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzReadPage gives whatever a server may send as a page of tags: it is an error, or tags that are tags and a link that stays.
func FuzzReadPage(f *testing.F) {
	f.Add([]byte(`{"name":"a/b","tags":["v4.4.3","latest"]}`), `</v2/a/b/tags/list?last=latest&n=1000>; rel="next"`)
	f.Add([]byte(`{"tags":null}`), `<https://evil.example/x>; rel="next"`)
	f.Add([]byte(`<!DOCTYPE html>`), `<//evil.example/x>`)
	f.Add([]byte(`{"tags":["\u001b[31m"]}`), `<http://ghcr.io/x>,<https://user@ghcr.io/x>`)
	f.Add([]byte(``), "<\x00>")

	from := &url.URL{Scheme: "https", Host: "ghcr.io", Path: "/v2/a/b/tags/list"}

	f.Fuzz(func(t *testing.T, body []byte, link string) {
		p, err := readPage(&answer{status: http.StatusOK, header: http.Header{"Link": {link}}, body: body, url: from})
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x1b\n\x00") {
				t.Errorf("not fit to be shown: %q", err)
			}

			return
		}

		for _, tag := range p.tags {
			if !tagPattern.MatchString(tag) {
				t.Errorf("tag %q", tag)
			}
		}

		if u, err := url.Parse(p.next); p.next != "" && (err != nil || u.Scheme != "https" || u.Host != "ghcr.io" || u.User != nil) {
			t.Errorf("link %q is followed to %q", link, p.next)
		}
	})
}

// FuzzReadManifest gives whatever a server may send as a manifest.
func FuzzReadManifest(f *testing.F) {
	digest := "sha256:" + strings.Repeat("0", 64)
	f.Add("application/vnd.oci.image.index.v1+json", []byte(`{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"`+digest+`","platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}`))
	f.Add("application/vnd.oci.image.manifest.v1+json; charset=utf-8", []byte(`{"config":{"digest":"`+digest+`"}}`))
	f.Add("application/vnd.docker.distribution.manifest.list.v2+json", []byte(`{"manifests":[{"platform":null}]}`))
	f.Add("text/html", []byte(`<html>`))

	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		m, err := readManifest(&answer{header: http.Header{"Content-Type": {contentType}}, body: body}, digest)
		if err != nil {
			return
		}

		for _, c := range m.children {
			if !isDigest(c.digest) || c.platform != "" && !platformPattern.MatchString(c.platform) {
				t.Errorf("child %+v", c)
			}
		}

		if m.config != "" && !isDigest(m.config) {
			t.Errorf("config %q", m.config)
		}
	})
}
