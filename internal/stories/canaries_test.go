package stories_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"

	"github.com/goingdark-social/bot/internal/faults/leaks"
	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/slacktest"
	"github.com/goingdark-social/bot/internal/world"
)

// The secrets of these stories. Those with other characters in them are found
// by the piece of letters and digits that nothing else has.
const (
	canaryGitHub   = "github_pat_11CANARYgithub7f3a9c"
	canarySlack    = "xoxb-4711-cAnarySlack81d2"
	canaryWebhook  = "T0CANARY/B0CANARY/cAnaryIncoming55ab"
	canaryHook     = `cAnaryHook+9e/1 "<&`
	canaryPages    = "cAnaryPages/3d+0c="
	canaryDatabase = `cAnaryDb+77/e@"<&`
	canaryRegistry = "cAnaryRegistry&12+b4"
	canaryKube     = "cAnaryKube.9a8b7c.x"
	canaryQueue    = `cAnaryQueue:5b/f+@"<&%` // of the replicas' PostgreSQL
	canaryPassfile = "cAnaryPassfile3e1d"     // a database's, where libpq looks for it
	canaryProxy    = "cAnaryProxy+4c/2"
	canaryUpstream = "cAnaryUpstream/7d=1"
	dockerUser     = "bot"
)

// always are the secrets that each cast has.
func always() []leaks.Secret {
	return append(aroundIt(), []leaks.Secret{
		{Name: "the GitHub token", Value: canaryGitHub},
		{Name: "another GitHub token", Value: "github_pat_read_only"},
		{Name: "an unknown GitHub token", Value: "github_pat_unknown"},
		{Name: "the token of an installation", Value: "ghs_installation"},
		{Name: "the Slack bot token", Value: canarySlack},
		{Name: "the address of the Slack webhook", Value: "cAnaryIncoming55ab"},
		{Name: "the secret of webhooks", Value: "cAnaryHook"},
		{Name: "the token of the dashboard", Value: "cAnaryPages"},
		{Name: "the database's password", Value: "cAnaryDb"},
		{Name: "the registry's password", Value: "cAnaryRegistry"},
		{Name: "a token that the registry gave", Value: "canary-registry-token"},
		{Name: "the cluster's token", Value: canaryKube},
	}...)
}

// TestMain gives all of these tests one docker config: its credentials are
// found by the environment of the process alone.
func TestMain(m *testing.M) {
	testscript.Main(dockered{m}, nil)
}

type dockered struct{ m *testing.M }

func (d dockered) Run() int {
	dir, err := os.MkdirTemp("", "docker-config-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	auth := base64.StdEncoding.EncodeToString([]byte(dockerUser + ":" + canaryRegistry))

	data, err := json.Marshal(map[string]any{"auths": map[string]any{"ghcr.io": map[string]string{"auth": auth}}})
	if err != nil {
		panic(err)
	}

	if err := os.WriteFile(filepath.Join(dir, "config.json"), data, 0o600); err != nil {
		panic(err)
	}

	if err := os.Setenv("DOCKER_CONFIG", dir); err != nil {
		panic(err)
	}

	return d.m.Run()
}

// setupCanaries makes a world that takes the canaries.
func setupCanaries(env *testscript.Env) error {
	return fast(env, setupWorld(env, world.Options{Slack: slacktest.Options{Token: canarySlack, Webhook: canaryWebhook}}))
}

// canaries lets the operator's file name every secret that there is: "token"
// those of a person's token, "app" and "api" those of a GitHub App.
func canaries(ts *testscript.TestScript, _ bool, args []string) {
	s, cast := of(ts), arg(ts, args, 0, "")
	s.canaries = always()
	s.GitHub.AddToken(githubtest.Token{Value: canaryGitHub, Login: "goingdark-bot", Permissions: githubtest.Writer()})
	s.Git.Allow(canaryGitHub, true)

	kept := &keeper{ts: ts, story: s}
	github, commits, slack := "tokenFrom: {env: GITHUB_TOKEN}", fmt.Sprintf("signingKeyFrom: {file: %q}", kept.file("signing key", sshKey(ts))), "channel: \"#ops\", tokenFrom: {env: SLACK_TOKEN}"

	if cast != "token" {
		github, slack = kept.app(), "webhookFrom: {env: SLACK_WEBHOOK}"
		commits = fmt.Sprintf("signingKeyFrom: {file: %q}", kept.file("OpenPGP key", pgpKey(ts)))
	}

	if cast == "api" {
		commits = "through: api"
	}

	s.queue = "postgres://bot:" + url.QueryEscape(canaryQueue) + "@" + repeatingPostgres(ts) + "/bot?sslmode=disable"
	s.more = map[string]string{
		"HTTPS_PROXY":  "http://bot:" + url.QueryEscape(canaryProxy) + "@127.0.0.1:1",
		"GITHUB_TOKEN": canaryGitHub, "SLACK_WEBHOOK": s.Slack.WebhookURL(), "DSN": kept.database(cast), "HOOK_SECRET": canaryHook, "PAGES_TOKEN": canaryPages,
	}

	check(ts, os.WriteFile(ts.MkAbs("operator.yaml"), fmt.Appendf(nil, `version: 1
repositories: [{name: %s, branch: main}]
schedule: "0 0 1 1 *"
github: {baseURL: %q, %s}
notify: {slack: {%s, securityGroup: S0SECURITY}}
commits: {%s}
database: {dsnFrom: {env: DSN}}
cluster: {kubeconfig: %q}
cache: %q
server: {listen: "127.0.0.1:0", webhookSecretFrom: {env: HOOK_SECRET}, dashboard: {tokenFrom: {env: PAGES_TOKEN}}}
`, world.Repository, s.GitHubURL, github, slack, commits, kept.kubeconfig(), ts.MkAbs("cache")), 0o600))
}

// keeper puts secrets into files, beside the folder that is searched.
type keeper struct {
	ts    *testscript.TestScript
	story *story
}

func (k *keeper) file(name, text string) string {
	path := k.ts.MkAbs(strings.ReplaceAll(name, " ", "-"))
	check(k.ts, os.WriteFile(path, []byte(text), 0o600))
	k.story.canaries = append(k.story.canaries, leaks.Of("the "+name, text)...)

	return path
}

// database is how the program reaches one, in the three ways in which a
// password is given.
func (k *keeper) database(cast string) string {
	at := repeatingPostgres(k.ts)
	host, port, _ := strings.Cut(at, ":")
	pairs := fmt.Sprintf("host=%s port=%s user=bot dbname=mastodon sslmode=disable ", host, port)

	switch cast {
	case "token":
		return "postgres://bot:" + url.QueryEscape(canaryDatabase) + "@" + at + "/mastodon?sslmode=disable"
	case "app":
		return pairs + "password='" + strings.ReplaceAll(canaryDatabase, `'`, `\'`) + "'"
	}

	passfile := k.ts.MkAbs("pgpass")
	check(k.ts, os.WriteFile(passfile, []byte("*:*:*:*:"+canaryPassfile+"\n"), 0o600))

	return pairs + "passfile='" + passfile + "'"
}

// app makes the program a GitHub App.
func (k *keeper) app() string {
	const id, tokens = 4711, 100

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(k.ts, err)

	s := k.story
	s.GitHub.AddApp(githubtest.App{ID: id, Slug: "goingdark-bot", Key: &key.PublicKey, Permissions: githubtest.Writer()})
	installation := s.GitHub.Install(strings.Split(s.repository, "/")[0], s.repository)

	for n := range tokens { // as the stand-in numbers them: each process asks for one
		s.Git.Allow(fmt.Sprintf("ghs_%d_%016d", installation, n+1), true)
	}

	s.canaries = append(s.canaries, leaks.Secret{Name: "a token of the App's installation", Value: fmt.Sprintf("ghs_%d_0000", installation)})
	file := k.file("App key", string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})))

	return fmt.Sprintf("app: {id: %d, keyFrom: {file: %q}}", id, file)
}

// kubeconfig leads to a cluster that repeats what it is sent.
func (k *keeper) kubeconfig() string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(k.ts, err)

	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	check(k.ts, err)

	der, err := x509.MarshalECPrivateKey(key)
	check(k.ts, err)

	private := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
	k.story.canaries = append(k.story.canaries, leaks.Of("the cluster's client key", string(private))...)

	path := k.ts.MkAbs("kubeconfig")
	check(k.ts, os.WriteFile(path, fmt.Appendf(nil, `apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: here, user: bot, namespace: mastodon}}]
clusters: [{name: here, cluster: {server: %q, insecure-skip-tls-verify: true}}]
users: [{name: bot, user: {token: %s, client-certificate-data: %s, client-key-data: %s}}]
`, repeatingCluster(k.ts), canaryKube, base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})),
		base64.StdEncoding.EncodeToString(private)), 0o600))

	return path
}

func sshKey(ts *testscript.TestScript) string {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	check(ts, err)

	block, err := ssh.MarshalPrivateKey(private, "")
	check(ts, err)

	return string(pem.EncodeToMemory(block))
}

func pgpKey(ts *testscript.TestScript) string {
	entity, err := openpgp.NewEntity("bot", "", "bot@example.org", nil)
	check(ts, err)

	var out bytes.Buffer

	w, err := armor.Encode(&out, openpgp.PrivateKeyType, nil)
	check(ts, err)
	check(ts, entity.SerializePrivate(w, nil))
	check(ts, w.Close())

	return out.String()
}
