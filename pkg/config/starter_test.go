package config_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/config"
)

func policy(t *testing.T, data string) *config.Policy {
	t.Helper()
	p, err := config.ParsePolicy("bot.yaml", []byte(data))
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return p
}

// TestStarterMeansTheDefaults: nothing but the names says anything.
func TestStarterMeansTheDefaults(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]config.Identity{
		"none":       nil,
		"one":        {{Name: "mastodon", Root: "k8s/applications/web/mastodon"}},
		"no root":    {{Name: "mastodon"}},
		"two":        {{Name: "staging", Root: "apps/staging"}, {Name: "production", Root: "apps/production"}},
		"odd names":  {{Name: "true", Root: "."}, {Name: "12", Root: "a: b #c/{d}"}, {Name: "0x10", Root: "- e"}},
		"long names": {{Name: strings.Repeat("n", 63), Root: strings.Repeat("folder with blanks/", 20) + "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := policy(t, string(config.Starter(list...)))
			if len(p.Applications) != len(list) {
				t.Fatalf("%d applications", len(p.Applications))
			}
			for i, got := range p.Applications {
				want := config.DefaultApplication()
				want.Name, want.Root = list[i].Name, list[i].Root
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, want %+v", got, want)
				}
			}
		})
	}
}

// TestStarterSwitchedOn: every key that is off can be switched on by deleting the first #, alone and all of them together.
func TestStarterSwitchedOn(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"named": string(config.Starter(config.Identity{Name: "mastodon", Root: "k8s"})),
		"none":  string(config.Starter()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := strings.Split(text, "\n")
			all := strings.Clone(text)
			blocks := 0
			for i := 0; i < len(lines); i++ {
				if !off(lines[i]) {
					continue
				}
				end := i
				for end < len(lines) && off(lines[end]) {
					end++
				}
				on := make([]string, 0, end-i)
				for _, l := range lines[i:end] {
					on = append(on, strings.Replace(l, "#", "", 1))
				}
				block, switched := strings.Join(lines[i:end], "\n"), strings.Join(on, "\n")
				policy(t, strings.Replace(text, block, switched, 1))
				all = strings.Replace(all, block, switched, 1)
				blocks++
				i = end
			}
			a := policy(t, all).Applications[0]
			if blocks == 0 || a.Images.Web == "" || a.PullRequest.Merge == nil || len(a.Drift.Accept) != 1 || a.Freeze == nil || len(a.Ignore) == 0 {
				t.Errorf("%d blocks, %+v", blocks, a)
			}
		})
	}
}

// off tells a line that is switched off from prose, which has a blank behind the #.
func off(line string) bool {
	after, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
	if !ok || after == "" {
		return false
	}
	return after[0] != ' ' || strings.HasPrefix(after, "  ")
}
