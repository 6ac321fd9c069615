package app_test

import (
	"crypto/rsa"
	"fmt"
	"net/http"
	"testing"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/gh/app"
)

// files is a Git in which some repositories carry a file.
type files struct {
	*githubtest.Branches

	carry map[string]string
}

func (f files) File(repo, _, name string) ([]byte, bool) {
	content, ok := f.carry[repo+" "+name]

	return []byte(content), ok
}

// fleet is a GitHub with two installations, one of which has many repositories.
func fleet(t *testing.T, key *rsa.PublicKey) *githubtest.Server {
	t.Helper()

	s := githubtest.New(githubtest.Options{Git: files{githubtest.NewBranches(), map[string]string{"big/r7 bot.yaml": "version: 1\n"}}})
	s.AddApp(githubtest.App{ID: appID, Slug: "goingdark-bot", Key: key, Permissions: githubtest.Writer()})

	var names []string

	for i := range 120 {
		names = append(names, fmt.Sprintf("big/r%d", i))
		s.AddRepository(githubtest.Repository{Name: names[i], Private: true, Archived: i == 3})
	}

	s.AddRepository(githubtest.Repository{Name: "small/gitops", Private: true})
	s.Install("big", names...)
	s.Install("small", "small/gitops")
	s.Suspend("small", true)

	return s
}

func TestInstallationsAndTheirRepositories(t *testing.T) {
	t.Parallel()

	key, pem := newKey(t)
	s := fleet(t, &key.PublicKey)
	discover(t, s, s, pem)

	if lines := s.Unexpected(); len(lines) > 0 {
		t.Error(lines)
	}
}

// discover finds the repositories of every installation, through handler.
func discover(t *testing.T, s *githubtest.Server, handler http.Handler, pem []byte) {
	t.Helper()

	transport := githubtest.Transport(handler)

	a, err := app.New(app.Options{ID: appID, Key: func() ([]byte, error) { return pem, nil }, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}

	installed, err := a.Installations(t.Context())
	if err != nil || len(installed) != 2 || installed[0].Account != "big" || !installed[1].Suspended {
		t.Fatalf("installations = %+v, %v", installed, err)
	}

	names, err := a.Repositories(t.Context(), installed[0])
	if err != nil || len(names) != 119 || names[3] != "big/r4" {
		t.Fatalf("%d repositories, %v", len(names), err)
	}

	if _, err := a.Repositories(t.Context(), installed[1]); err == nil {
		t.Error("a suspended installation gave its repositories")
	}

	carriers(t, a, transport)
	s.Uninstall("big")

	if _, err := a.Repositories(t.Context(), installed[0]); err == nil {
		t.Error("an installation that is gone gave its repositories")
	}
}

// carriers: the answer to what has not changed is confirmed.
func carriers(t *testing.T, a *app.App, transport http.RoundTripper) {
	t.Helper()

	client, err := gh.New(gh.Options{Token: a.Token("big/r7"), Transport: transport})
	if err != nil {
		t.Fatal(err)
	}

	for range 2 {
		for name, want := range map[string]bool{"big/r7": true, "big/r8": false} {
			if got, err := client.Carries(t.Context(), name, "", "bot.yaml"); err != nil || got != want {
				t.Errorf("%s carries bot.yaml: %v, %v", name, got, err)
			}
		}
	}
}
