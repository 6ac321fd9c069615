package stories_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/world"
)

// urgent lets upstream's update check recommend a release to everybody.
func urgent(ts *testscript.TestScript, _ bool, args []string) {
	of(ts).Updates.Recommend(world.Update{Version: arg(ts, args, 0, "")[1:], Urgent: true, Type: "minor"})
}

func down(ts *testscript.TestScript, _ bool, _ []string) { of(ts).Updates.Down(true) }

// throughAPI makes the program a GitHub App whose commits GitHub makes.
func throughAPI(ts *testscript.TestScript, _ bool, _ []string) {
	const id = 4711

	s := of(ts)

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(ts, err)

	file := ts.MkAbs("app.pem")
	check(ts, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), 0o600))

	s.GitHub.AddApp(githubtest.App{ID: id, Slug: "goingdark-bot", Key: &key.PublicKey, Permissions: githubtest.Writer()})
	installation := s.GitHub.Install(strings.Split(s.repository, "/")[0], s.repository)

	for n := range 20 { // as the stand-in numbers them: each process asks for one
		s.Git.Allow(fmt.Sprintf("ghs_%d_%016d", installation, n+1), true)
	}

	name := ts.MkAbs("operator.yaml")
	text := strings.Replace(ts.ReadFile(name), "tokenFrom: {env: GITHUB_TOKEN}", fmt.Sprintf("app: {id: %d, keyFrom: {file: %q}}", id, file), 1)
	check(ts, os.WriteFile(name, []byte(text+"commits: {through: api}\n"), 0o600))
}
