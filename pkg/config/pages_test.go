package config_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/config"
)

func TestPages(t *testing.T) {
	t.Parallel()

	o, err := config.ParseOperator("operator.yaml", []byte(`version: 1
server:
  listen: ":8080"
  dashboard:
    tokenFrom: {env: PAGES}
    proxy: {header: X-User, from: [10.1.2.3, 10.0.0.7/8, "fd00::/8"]}
    hosts: [bot.example.org]
`))
	if err != nil {
		t.Fatal(err)
	}

	got := o.Server.Dashboard
	want := config.Pages{
		Enabled: true, TokenFrom: &config.Source{Env: "PAGES"}, Hosts: []string{"bot.example.org"},
		Proxy: &config.Proxy{Header: "X-User", From: []netip.Prefix{
			netip.MustParsePrefix("10.1.2.3/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"),
		}},
	}

	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestPagesRefuses(t *testing.T) {
	t.Parallel()

	for text, says := range map[string]string{
		"proxy: {header: X-User}":                       "from",
		"proxy: {from: [10.0.0.0/8]}":                   "header",
		"proxy: {header: 'X User', from: [10.0.0.0/8]}": "is not a header's name",
		"proxy: {header: X-User, from: [everywhere]}":   "is not an address range",
		"proxy: {header: X-User, from: []}":             "",
		"hosts: ['https://bot.example.org']":            "is not a host's name",
		"tokenFrom: hunter2":                            "",
		"enabled: sometimes":                            "enabled",
	} {
		_, err := config.ParseOperator("operator.yaml", []byte("version: 1\nserver:\n  dashboard:\n    "+text+"\n"))
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
