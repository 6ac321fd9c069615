package drift_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/severity"
)

const (
	app   = "k8s/applications/web/mastodon/"
	notes = "website/docs/k8s/applications/mastodon-implementation.md"
	tag   = "ghcr.io/glitch-soc/mastodon:v4.4.3"
)

// fault is one mistake in a copy of the tidy example, and all that is found of it: itself first, then what truly follows from it.
type fault struct {
	name  string
	edits []edit
	want  string
}

type edit struct{ file, old, new string }

var faults = []fault{
	{"an older streaming", []edit{{app + "streaming/deployment.yaml", "streaming:v4.4.3", "streaming:v4.4.2"}}, `warning version-skew streaming/deployment.yaml:39
warning docs-drift notes:18`},
	{"an older migrate Job", []edit{{app + "migrate/pre-job.yaml", tag, "ghcr.io/glitch-soc/mastodon:v4.4.2"}}, `error migrate-behind migrate/pre-job.yaml:28
warning docs-drift notes:61`},
	{"a Deployment that nothing lists", []edit{{app + "kustomization.yaml", "  - sidekiq/scheduler-deployment.yaml\n", ""}}, `warning queue-unserved sidekiq/deployment.yaml:2
warning not-rendered sidekiq/scheduler-deployment.yaml:2`},
	{"a number that the notes do not know", []edit{{app + "streaming/deployment.yaml", "replicas: 2", "replicas: 3"}}, `warning docs-drift notes:259`},
	{"a key that is called otherwise now", []edit{{app + "web/pdb.yaml", "maxUnavailable: 1", "minAvailable: 1"}}, `warning docs-drift notes:266`},
	{"a version in the notes", []edit{{notes, "Every component is on `v4.4.3`", "Every component is on `v4.4.2`"}}, `warning docs-drift notes:8`},
	{"a misspelt variable", []edit{{app + "kustomization.yaml", "MAX_TOOT_CHARS", "MAX_TOOT_CHARZ"}}, `warning env-unread kustomization.yaml:45`},
	{"a variable of nobody's", []edit{{app + "web/deployment.yaml", "            - name: MAX_THREADS", "            - name: RAILS_LOG_TO_STDOUT\n              value: \"true\"\n            - name: MAX_THREADS"}}, `warning env-unread web/deployment.yaml:54`},
	{"no encryption key", []edit{{app + "app-externalsecret.yaml", "    - secretKey: ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY\n      remoteRef: { key: app-mastodon-are-primary-key }\n", ""}}, `error env-missing app-externalsecret.yaml:1`},
	{"half a VAPID pair", []edit{{app + "app-externalsecret.yaml", "    - secretKey: VAPID_PUBLIC_KEY\n      remoteRef: { key: app-mastodon-vapid-public-key }\n", ""}}, `warning env-missing app-externalsecret.yaml:1`},
	{"half a captcha", []edit{{app + "app-externalsecret.yaml", "    - secretKey: HCAPTCHA_SITE_KEY\n      remoteRef: { key: app-mastodon-hcaptcha-site-key }\n", ""}}, `warning env-missing app-externalsecret.yaml:1
warning docs-drift notes:314`},
	{"TLS and STARTTLS", []edit{{app + "kustomization.yaml", "SMTP_ENABLE_STARTTLS=never", "SMTP_ENABLE_STARTTLS=always"}}, `error env-conflict kustomization.yaml:90
warning docs-drift notes:304`},
	{"a port in the host", []edit{{app + "kustomization.yaml", "ES_HOST=mastodon-es", "ES_HOST=mastodon-es:9200"}}, `error env-conflict kustomization.yaml:80
warning docs-drift notes:184`},
	{"a shadowed host", []edit{{app + "kustomization.yaml", "      - REDIS_URL=", "      - REDIS_HOST=elsewhere\n      - REDIS_URL="}}, `warning env-conflict kustomization.yaml:71`},
	{"a namespace of Redis", []edit{{app + "kustomization.yaml", "      - DEFAULT_LOCALE=en\n", "      - DEFAULT_LOCALE=en\n      - REDIS_NAMESPACE=mastodon\n"}}, `error env-conflict kustomization.yaml:44`},
	{"prepared statements", []edit{{app + "kustomization.yaml", "      - PREPARED_STATEMENTS=false", "      - PREPARED_STATEMENTS=true"}}, `error env-conflict kustomization.yaml:56
warning docs-drift notes:121`},
	{"no CA for Rails", []edit{{app + "kustomization.yaml", "      - PGSSLROOTCERT=/etc/ssl/certs/pgbouncer-ca.crt\n", ""}}, `error env-conflict kustomization.yaml:55
warning docs-drift notes:37`},
	{"a CA that is not mounted", []edit{{app + "streaming/deployment.yaml", "value: /etc/ssl/certs/pgbouncer-ca.crt", "value: /etc/ssl/certs/ca.crt"}}, `error env-conflict streaming/deployment.yaml:45
warning docs-drift notes:41`},
	{"a key that the Secret does not have", []edit{{app + "web/deployment.yaml", "key: password", "key: passwort"}}, `error secret-missing web/deployment.yaml:63`},
	{"a Secret of nobody's", []edit{{app + "sidekiq/deployment.yaml", "secretName: mastodon-postgresql-server", "secretName: mastodon-pg-server"}}, `warning secret-missing sidekiq/deployment.yaml:123`},
	{"a small pool", []edit{{app + "sidekiq/deployment.yaml", "value: \"15\"", "value: \"10\""}}, `warning pool-size sidekiq/deployment.yaml:65
warning docs-drift notes:136`},
	{"migrations through the pooler", []edit{{app + "migrate/post-job.yaml", "value: mastodon-postgresql\n", "value: mastodon-postgresql-pooler\n"}}, `error migrate-through-pooler migrate/post-job.yaml:37
warning docs-drift notes:101`},
	{"a Job that is no hook", []edit{{app + "migrate/post-job.yaml", "  annotations:\n    argocd.argoproj.io/hook: PostSync\n    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\n", ""}}, `error job-immutable migrate/post-job.yaml:2
warning docs-drift notes:79`},
	{"a hook that needs what comes later", []edit{{app + "migrate/pre-job.yaml", "          envFrom:\n", "          envFrom:\n            - configMapRef:\n                name: mastodon-core-env\n"}}, `warning hook-order migrate/pre-job.yaml:59`},
	{"one phase", []edit{{app + "migrate/pre-job.yaml", "            - name: SKIP_POST_DEPLOYMENT_MIGRATIONS\n              value: \"true\"\n", ""}}, `warning post-migrate-early migrate/pre-job.yaml:4
warning docs-drift notes:68`},
	{"a probe for another Sidekiq", []edit{{app + "sidekiq/scheduler-deployment.yaml", `[ "pgrep", "-f", "sidekiq" ]`, `[ "sh", "-c", "ps aux | grep '[s]idekiq 6'" ]`}}, `error probe-version sidekiq/scheduler-deployment.yaml:81`},
	{"a queue that nobody serves", []edit{{app + "sidekiq/deployment.yaml", "            - -q\n            - fasp\n", ""}}, `warning queue-unserved sidekiq/deployment.yaml:2
warning docs-drift notes:232`},
	{"two schedulers", []edit{{app + "sidekiq/scheduler-deployment.yaml", "replicas: 1", "replicas: 2"}}, `warning scheduler-replicas sidekiq/scheduler-deployment.yaml:9
warning docs-drift notes:247`},
	{"an old PostgreSQL", []edit{{app + "postgres/database.yaml", "version: \"16\"", "version: \"12\""}}, `error floor-unmet postgres/database.yaml:11`},
	{"no backup", []edit{
		{app + "postgres/database.yaml", "enableLogicalBackup: true", "enableLogicalBackup: false"},
		{app + "postgres/database.yaml", "    - name: WAL_S3_BUCKET\n      value: postgres-backups\n", ""},
	}, `warning backup-missing postgres/database.yaml:1
warning docs-drift notes:163`},
	{"uploads in an emptyDir", []edit{
		{app + "kustomization.yaml", "S3_ENABLED=true", "S3_ENABLED=false"},
		{app + "web/deployment.yaml", "          volumeMounts:\n", "          volumeMounts:\n            - name: public\n              mountPath: /opt/mastodon/public/system\n"},
		{app + "web/deployment.yaml", "      volumes:\n", "      volumes:\n        - name: public\n          emptyDir: {}\n"},
	}, `error media-volume web/deployment.yaml:117
warning docs-drift notes:279`},
	{"a label that does nothing", []edit{{app + "namespace.yaml", "    pod-security.kubernetes.io/enforce: baseline", "    podsecurity.kubernetes.io/enforce: baseline"}}, `warning label-inert namespace.yaml:7
warning docs-drift notes:200`},
	{"an exclusion that excludes nothing", []edit{{"renovate.json", `"ghcr.io/glitch-soc/mastodon",`, `"glitch-soc/mastodon",`}, {"renovate.json", `"ghcr.io/glitch-soc/mastodon-streaming"`, `"glitch-soc/mastodon-streaming"`}}, `warning rival-bot renovate.json:9`},
}

// plant copies the tidy example with mistakes.
func plant(t *testing.T, edits ...edit) fstest.MapFS {
	t.Helper()

	tidy, out := os.DirFS("../../examples/goingdark"), fstest.MapFS{}

	err := fs.WalkDir(tidy, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		data, err := fs.ReadFile(tidy, name)
		out[name] = &fstest.MapFile{Data: data}

		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	for _, e := range edits {
		text := string(out[e.file].Data)
		if !strings.Contains(text, e.old) {
			t.Fatalf("%s does not hold %q: the example changed, change the fault with it", e.file, e.old)
		}

		out[e.file].Data = []byte(strings.Replace(text, e.old, e.new, 1))
	}

	return out
}

// worth are the findings at warning or above.
func worth(found []drift.Finding) []drift.Finding {
	var out []drift.Finding

	for _, f := range found {
		if f.Severity.AtLeast(severity.Warning) {
			out = append(out, f)
		}
	}

	return out
}

func TestEachFaultGivesItselfAndWhatFollows(t *testing.T) {
	t.Parallel()

	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()

			found := worth(findings(t, plant(t, f.edits...), options()))
			got := short(lines(found))

			if diff := cmp.Diff(strings.TrimSpace(f.want), strings.TrimSpace(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)

				for _, f := range found {
					t.Logf("%s: %s (expected %q, actual %q)", f.Check, f.Message, f.Expected, f.Actual)
				}
			}
		})
	}
}

// short leaves the folders out that all files share.
func short(s string) string {
	return strings.NewReplacer(app, "", notes, "notes").Replace(s)
}

// Those that another fault hides, or that would hide another.
var alone = []string{"a version in the notes", "half a captcha", "a Deployment that nothing lists"}

func TestThirtyFaultsTogetherGiveTheSame(t *testing.T) {
	t.Parallel()

	var (
		edits []edit
		want  []string
		count int
	)

	for _, f := range faults {
		if slices.Contains(alone, f.name) {
			continue
		}

		count++

		edits = append(edits, f.edits...)

		for line := range strings.Lines(f.want) {
			want = append(want, withoutLine(line))
		}
	}

	if count != 30 {
		t.Fatalf("%d faults, not 30", count)
	}

	var got []string

	for _, f := range worth(findings(t, plant(t, edits...), options())) {
		got = append(got, withoutLine(short(lines([]drift.Finding{f}))))
	}

	slices.Sort(want)
	slices.Sort(got)

	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// withoutLine leaves the line out: each fault moves those below it.
func withoutLine(s string) string { return s[:strings.LastIndexByte(s, ':')] }
