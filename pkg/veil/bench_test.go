package veil_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/veil"
)

// aKey has the size of an RSA key.
func aKey() string {
	var b strings.Builder

	for n := range 26 {
		line := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%02d line of a key, forty-eight bytes, as PEM is..", n))
		fmt.Fprintln(&b, line)
	}

	return "-----BEGIN RSA PRIVATE KEY-----\n" + b.String() + "-----END RSA PRIVATE KEY-----\n"
}

// BenchmarkLearn is what a run's secrets cost until the first text is hidden.
func BenchmarkLearn(b *testing.B) {
	key := aKey()

	for b.Loop() {
		v := &veil.Veil{}
		v.Keep(token, password, key)
		v.Hide("a line of a log")
	}
}

// BenchmarkHide is a page of 64 KiB with nothing in it to hide.
func BenchmarkHide(b *testing.B) {
	v := &veil.Veil{}
	v.Keep(token, password, aKey())

	page := strings.Repeat("<tr><td>v4.4.4</td><td>ghcr.io/glitch-soc/mastodon is proposed</td></tr>", 64<<10/72)
	b.SetBytes(int64(len(page)))

	for b.Loop() {
		v.Hide(page)
	}
}
