package drift

import (
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

func envMissing() Check {
	return Check{
		ID: "env-missing", Severity: severity.Error, Title: "variables that are needed and not set",
		Doc: `What the release refuses to start without, and what a feature that is switched on cannot do without: the encryption keys,
SECRET_KEY_BASE, the domain, the VAPID pair, an object store's bucket and keys, both halves of hCaptcha, the name of the replica's
database. A Secret or ConfigMap that is filled outside the tree makes what it holds unknown, which is no finding.`,
		Needs: ReleaseFacts, Absence: true,
		find: findMissing,
	}
}

// need is a variable that some containers need.
type need struct {
	name     string
	severity severity.Level
	why      string
	fix      string
	when     func(*container) bool
	// with are the variables that stand where it should stand.
	with []string
}

var encryption = []string{"ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY", "ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT", "ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY"}

// features are what is needed when something is on. Sources: config/initializers (paperclip, devise), config/vapid.yml,
// config/captcha.yml and app/helpers/database_helper.rb of upstream.
func features() []need {
	rails := func(c *container) bool { return c.component == inventory.Web || c.component == inventory.Sidekiq }
	when := func(name string) func(*container) bool {
		return func(c *container) bool { return rails(c) && c.on(name) }
	}
	set := func(name string) func(*container) bool {
		return func(c *container) bool { _, ok := c.env[name]; return rails(c) && ok && !c.absent(name) }
	}
	keys := func(c *container) bool { return rails(c) && c.on("S3_ENABLED") && !c.cloudIdentity() }

	return []need{
		{"SECRET_KEY_BASE", severity.Error, "Rails does not start in production without it", "Set it from a Secret (rails secret makes one, once).", rails, append([]string{"OTP_SECRET"}, encryption...)},
		{"LOCAL_DOMAIN", severity.Error, "without it the instance calls itself localhost", "Set it to the instance's domain.", rails, []string{"WEB_DOMAIN", "DEFAULT_LOCALE", "RAILS_ENV"}},
		{"VAPID_PRIVATE_KEY", severity.Warning, "web push needs both keys", "Set both (rails mastodon:webpush:generate_vapid_key makes a pair, once).", rails, []string{"VAPID_PUBLIC_KEY", "SECRET_KEY_BASE"}},
		{"VAPID_PUBLIC_KEY", severity.Warning, "web push needs both keys", "Set both (rails mastodon:webpush:generate_vapid_key makes a pair, once).", rails, []string{"VAPID_PRIVATE_KEY", "SECRET_KEY_BASE"}},
		{"S3_BUCKET", severity.Error, "S3_ENABLED is on", "Name the bucket.", when("S3_ENABLED"), []string{"S3_ENDPOINT", "S3_REGION", "S3_ENABLED"}},
		{"AWS_ACCESS_KEY_ID", severity.Error, "S3_ENABLED is on", "Set both keys from a Secret.", keys, []string{"AWS_SECRET_ACCESS_KEY", "SECRET_KEY_BASE"}},
		{"AWS_SECRET_ACCESS_KEY", severity.Error, "S3_ENABLED is on", "Set both keys from a Secret.", keys, []string{"AWS_ACCESS_KEY_ID", "SECRET_KEY_BASE"}},
		{"AZURE_STORAGE_ACCOUNT", severity.Error, "AZURE_ENABLED is on", "Name the account.", when("AZURE_ENABLED"), []string{"AZURE_CONTAINER_NAME", "AZURE_ENABLED"}},
		{"AZURE_STORAGE_ACCESS_KEY", severity.Error, "AZURE_ENABLED is on", "Set it from a Secret.", when("AZURE_ENABLED"), []string{"AZURE_STORAGE_ACCOUNT", "SECRET_KEY_BASE"}},
		{"AZURE_CONTAINER_NAME", severity.Error, "AZURE_ENABLED is on", "Name the container.", when("AZURE_ENABLED"), []string{"AZURE_STORAGE_ACCOUNT", "AZURE_ENABLED"}},
		{"SWIFT_CONTAINER", severity.Error, "SWIFT_ENABLED is on", "Name the container.", when("SWIFT_ENABLED"), []string{"SWIFT_ENABLED"}},
		{"SWIFT_AUTH_URL", severity.Error, "SWIFT_ENABLED is on", "Give the address of the identity service.", when("SWIFT_ENABLED"), []string{"SWIFT_CONTAINER", "SWIFT_ENABLED"}},
		{"HCAPTCHA_SECRET_KEY", severity.Warning, "HCAPTCHA_SITE_KEY is set, and one does nothing without the other", "Set both keys.", set("HCAPTCHA_SITE_KEY"), []string{"HCAPTCHA_SITE_KEY"}},
		{"HCAPTCHA_SITE_KEY", severity.Warning, "HCAPTCHA_SECRET_KEY is set, and one does nothing without the other", "Set both keys.", set("HCAPTCHA_SECRET_KEY"), []string{"HCAPTCHA_SECRET_KEY"}},
		{"REPLICA_DB_NAME", severity.Warning, "the replica is used only when its database has a name", "Name the database, or drop the other REPLICA_ variables.", replicaUnnamed(set("REPLICA_DB_HOST")), []string{"REPLICA_DB_HOST"}},
	}
}

func replicaUnnamed(hosted func(*container) bool) func(*container) bool {
	return func(c *container) bool { return hosted(c) && !c.maybe("REPLICA_DATABASE_URL") }
}

// cloudIdentity tells that the AWS SDK may find credentials elsewhere.
func (c *container) cloudIdentity() bool {
	return slices.ContainsFunc([]string{
		"AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_SHARED_CREDENTIALS_FILE",
	}, c.maybe) || c.serviceAccount() != ""
}

func findMissing(in *Input) []Finding {
	needs := features()

	for _, v := range in.Facts.Environment {
		if v.Aborts == facts.AbortMissing && !v.Pattern && v.Name != "RAILS_ENV" { // the images set that one
			needs = append(needs, need{
				v.Name, severity.Error, in.Facts.Version + " does not start without it", "Set it from a Secret; a value that was in use before must come back, a new one loses what it encrypted.",
				inAnyOf(v.Scopes), append([]string{"SECRET_KEY_BASE"}, encryption...),
			})
		}
	}

	var out []Finding

	for _, n := range needs {
		var lacking []*container

		for _, c := range in.containers {
			if n.when(c) && c.absent(n.name) {
				lacking = append(lacking, c)
			}
		}

		if len(lacking) > 0 {
			out = append(out, in.missing(n, lacking)...)
		}
	}

	return out
}

// inAnyOf tells the containers whose processes belong to some scopes.
func inAnyOf(scopes []facts.Scope) func(*container) bool {
	is := map[inventory.Component]facts.Scope{
		inventory.Web: facts.Rails, inventory.Sidekiq: facts.Sidekiq, inventory.Streaming: facts.Streaming, inventory.Migrate: facts.Migrate,
	}

	return func(c *container) bool { return slices.Contains(scopes, is[c.component]) }
}

// missing is one finding for all that lack a variable where it should stand in one object, else one for each of theirs.
func (in *Input) missing(n need, lacking []*container) []Finding {
	var out []Finding

	for _, c := range lacking {
		out = append(out, Finding{
			Severity: n.severity, Place: c.shouldHold(n.with).first(), Components: []string{string(c.component)}, Name: n.name,
			Message:  fmt.Sprintf("%s is not set: %s", n.name, n.why),
			Expected: n.name, Fix: n.fix, Related: []Place{c.object.first()},
		})
	}

	return out
}

// shouldHold is the object that sets what goes with a variable, else the container's own.
func (c *container) shouldHold(with []string) *object {
	for _, name := range with {
		if v, ok := c.env[name]; ok && v.holder != nil {
			return v.holder
		}
	}

	return c.object
}
