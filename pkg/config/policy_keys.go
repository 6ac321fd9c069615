package config

import (
	"time"

	"github.com/goingdark-social/bot/pkg/version"
)

// policyShape is the table of bot.yaml.
func policyShape() shape[Policy] {
	return object(
		field("version", "Version of the file's format.", formatNumber(), func(p *Policy) *int { return &p.Version }).must(),
		field("applications", "The Mastodons of this repository. Those that are not listed are found and have the defaults.",
			list(applicationShape(), DefaultApplication), func(p *Policy) *[]Application { return &p.Applications }).otherwise("all that are found"),
		field("limits", "What may be open at a time in this repository.",
			limitsShape(), func(p *Policy) *Limits { return &p.Limits }).otherwise("no limits"),
	).checked(checkApplications)
}

func applicationShape() shape[Application] {
	return object(
		field("name", "What the application is called; part of its branches' names.",
			applicationName(), func(a *Application) *string { return &a.Name }).like("mastodon").otherwise("the last folder of its root"),
		field("root", "The folder that the GitOps engine applies, from the repository's top.",
			folder(), func(a *Application) *string { return &a.Root }).like("k8s/applications/web/mastodon").otherwise("found"),
		field("images", "The images that make one release, for mirrors and forks.",
			imagesShape(), func(a *Application) *Images { return &a.Images }).otherwise("the images of glitch-soc or of Mastodon, whichever the application uses"),
		field("source", "The git repository that the images are built from.",
			webAddress(false), func(a *Application) *string { return &a.Source }).like("https://github.com/glitch-soc/mastodon").otherwise("that of the images"),
		field("notes", "Markdown files or globs whose mentions of the version move with the application; an empty list means none.",
			set(glob(), 0), func(a *Application) *[]string { return &a.Notes }).like(`[docs/mastodon.md, "runbooks/**"]`).otherwise("found"),
		field("exclude", "Globs of files that never name the application's version.",
			set(glob(), 0), func(a *Application) *[]string { return &a.Exclude }).like(`["**/archive/**"]`).otherwise("none"),
		field("channel", "Which versions are looked at: stable releases, pre-releases as well, or nightlies alone.",
			oneOf("channel", version.Channels()...), func(a *Application) *version.Channel { return &a.Channel }).like("prerelease").def("stable"),
		field("tracks", "patch proposes the newest release of the current line, minor the newest of the next line. Each has at most one open pull request.",
			set(track(), 1), func(a *Application) *[]string { return &a.Tracks }).like("[patch]").def(Tracks()),
		field("minimumAge", "How long the youngest image of a release must exist before the release is proposed. Security releases skip it.",
			agesShape(), func(a *Application) *map[string]time.Duration { return &a.MinimumAge }),
		field("platforms", "Platforms that every image of a release must exist for.",
			set(platform(), 1), func(a *Application) *[]string { return &a.Platforms }).like("[linux/amd64, linux/arm64]").def([]string{"linux/amd64"}),
		field("pin", "How references are written.",
			oneOf("pin", PinTag, PinDigest, PinTagDigest), func(a *Application) *string { return &a.Pin }).like("tag+digest").otherwise("as each reference is today"),
		field("allow", "The range that proposed versions must be in.",
			versionRange(), func(a *Application) *version.Range { return &a.Allow }).like(`"<4.7.0"`).otherwise("all versions"),
		field("ignore", "Versions that are never proposed.",
			set(fixedVersion(), 0), func(a *Application) *[]version.Version { return &a.Ignore }).like("[v4.5.3]").otherwise("none"),
		field("freeze", "Stops proposals for a while.",
			optional(freezeShape(), Freeze{}), func(a *Application) **Freeze { return &a.Freeze }).otherwise("none"),
		field("after", "Holds a release back until another application has been on it.",
			optional(afterShape(), After{}), func(a *Application) **After { return &a.After }).otherwise("none"),
		field("windows", "When pull requests may be opened and merged.",
			windowsShape(), func(a *Application) *Windows { return &a.Windows }).otherwise("any time"),
		field("pullRequest", "What pull requests look like, and which the bot may merge.",
			pullRequestShape(), func(a *Application) *PullRequest { return &a.PullRequest }),
		field("commit", "How commits are written.",
			commitShape(), func(a *Application) *Commit { return &a.Commit }),
		field("rollout", "When the roll-out after a merge counts as stuck; it is followed where the operator's file names a cluster.",
			rolloutShape(), func(a *Application) *Rollout { return &a.Rollout }),
		field("drift", "What the drift checks accept.",
			driftShape(), func(a *Application) *Drift { return &a.Drift }),
	).checked(checkApplication)
}

func track() shape[string] { return oneOf("track", Tracks()...) }

func imagesShape() shape[Images] {
	return object(
		field("web", "The image of web, sidekiq, migrate and the other jobs.",
			imageName(), func(i *Images) *string { return &i.Web }).like("ghcr.io/glitch-soc/mastodon").must(),
		field("streaming", "The image of streaming; the same as web where one image serves both.",
			imageName(), func(i *Images) *string { return &i.Streaming }).like("ghcr.io/glitch-soc/mastodon-streaming").otherwise("web with -streaming behind it"),
		field("tagSuffix", "What stands behind the version in each tag.",
			tagSuffix(), func(i *Images) *string { return &i.TagSuffix }).like("-custom").def(""),
	).checked(func(_ *decoder, _ place, i *Images) {
		if i.Web != "" && i.Streaming == "" {
			i.Streaming = i.Web + "-streaming"
		}
	})
}

func agesShape() shape[map[string]time.Duration] {
	sample := map[string]string{TrackPatch: "24h", TrackMinor: "7d"}
	var keys []key[map[string]time.Duration]
	for _, name := range Tracks() {
		k := field("", "The minimum age on the track "+name+".", duration(), func(*map[string]time.Duration) *time.Duration { return new(time.Duration) })
		k.name = name
		k.decode = func(d *decoder, at place, into *map[string]time.Duration) {
			var age time.Duration
			duration().decode(d, at, &age)
			(*into)[name] = age
		}
		keys = append(keys, k.def("0h").like(sample[name]))
	}
	return object(keys...)
}

func freezeShape() shape[Freeze] {
	return object(
		field("until", "The last day of the freeze (to its end in UTC), or the moment at which it ends.",
			day(), func(f *Freeze) *time.Time { return &f.Until }).like("2026-12-31").must(),
		field("reason", "Told with every release that is held.",
			sentence(), func(f *Freeze) *string { return &f.Reason }).like("moving house").otherwise("none"),
	)
}

func afterShape() shape[After] {
	return object(
		field("application", "The name of the application that goes first.",
			applicationName(), func(a *After) *string { return &a.Application }).like("staging").must(),
		field("for", "How long it must have been on the release.",
			duration(), func(a *After) *time.Duration { return &a.For }).like("24h").def("0h"),
	)
}

func windowsShape() shape[Windows] {
	return object(
		field("open", "When pull requests may be opened, in the operator's time zone.",
			schedule(), func(w *Windows) *string { return &w.Open }).like(`"0 6-20 * * 1-5"`).otherwise("always"),
		field("merge", "When the bot may merge.",
			optional(mergeWindowShape(), MergeWindow{}), func(w *Windows) **MergeWindow { return &w.Merge }).otherwise("always"),
	)
}

func mergeWindowShape() shape[MergeWindow] {
	return object(
		field("cron", "When the window opens.",
			schedule(), func(w *MergeWindow) *string { return &w.Cron }).like(`"0 4 * * 2"`).must(),
		field("duration", "How long it stays open; above 0.",
			duration().refused(func(v time.Duration) error {
				if v <= 0 {
					return wrong("", "a window must stay open for a while")
				}
				return nil
			}), func(w *MergeWindow) *time.Duration { return &w.Duration }).like("2h").must(),
		field("timeZone", "The time zone of cron.",
			zone(), func(w *MergeWindow) **time.Location { return &w.TimeZone }).like("Europe/Stockholm").otherwise("the operator's"),
	)
}

func pullRequestShape() shape[PullRequest] {
	return object(
		field("labels", "Labels of the pull requests.",
			set(label(), 0), func(p *PullRequest) *[]string { return &p.Labels }).like("[mastodon]").otherwise("none"),
		field("reviewers", "Users, and teams as organisation/team, that are asked for a review.",
			set(account(true), 0), func(p *PullRequest) *[]string { return &p.Reviewers }).like("[ada, example/operators]").otherwise("none"),
		field("assignees", "Users that are assigned.",
			set(account(false), 0), func(p *PullRequest) *[]string { return &p.Assignees }).like("[ada]").otherwise("none"),
		field("draft", "Opens pull requests as drafts, which become ready for review when all checks have passed.",
			boolean(), func(p *PullRequest) *bool { return &p.Draft }).like("true").def(false),
		field("rebase", "When a branch is made anew after its base moved: where it would conflict or its notes change, or always.",
			oneOf("rebase", RebaseNeeded, RebaseAlways), func(p *PullRequest) *string { return &p.Rebase }).like("always").def(RebaseNeeded),
		field("merge", "What the bot merges by itself once all checks are green.",
			optional(mergeShape(), Merge{When: MergeNoMigrations, By: MergeByBot}), func(p *PullRequest) **Merge { return &p.Merge }).otherwise("nothing"),
	)
}

func mergeShape() shape[Merge] {
	return object(
		field("tracks", "The tracks to merge, among those of the application.",
			set(track(), 1), func(m *Merge) *[]string { return &m.Tracks }).like("[patch]").must(),
		field("when", "no-migrations merges only what leaves the database alone.",
			oneOf("condition", MergeNoMigrations, MergeAlways), func(m *Merge) *string { return &m.When }).like("no-migrations").def(MergeNoMigrations),
		field("method", "How to merge.",
			oneOf("method", "merge", "squash", "rebase"), func(m *Merge) *string { return &m.Method }).like("squash").otherwise("the first of merge, squash, rebase that the repository allows"),
		field("by", "Who merges: the bot once all holds, or GitHub's auto-merge, which the repository must allow.",
			oneOf("merger", MergeByBot, MergeByGitHub), func(m *Merge) *string { return &m.By }).like("github").def(MergeByBot),
	)
}

func driftShape() shape[Drift] {
	return object(
		field("accept", "Findings that are known and meant.",
			list(acceptShape(), func() Accept { return Accept{} }), func(d *Drift) *[]Accept { return &d.Accept }).otherwise("none"),
	)
}

func acceptShape() shape[Accept] {
	return object(
		field("check", "The check's name, as findings show it.",
			matching("check", `^[a-z][a-z0-9-]{0,62}$`, "write the check's name as the finding shows it"), func(a *Accept) *string { return &a.Check }).like("env-unread").must(),
		field("name", "What the finding is about, such as a variable.",
			sentence(), func(a *Accept) *string { return &a.Name }).like("DATABASE_TIMEOUT").otherwise("everything that the check finds"),
		field("reason", "Why it is meant.",
			sentence(), func(a *Accept) *string { return &a.Reason }).like("read by a sidecar").must(),
		field("until", "The last day on which it is accepted.",
			day(), func(a *Accept) *time.Time { return &a.Until }).like("2027-01-31").otherwise("for ever"),
	)
}
