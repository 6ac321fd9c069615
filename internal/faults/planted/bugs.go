package main

// bug is one that somebody might make, and the search that is to notice.
type bug struct {
	name string
	// file is where it is made: old is replaced by new.
	file, old, new string
	// search is the package, run its tests, tags and args what else go test is given.
	search, run, tags string
	args              []string
}

const (
	histories = "./internal/faults/history"
	trees     = "./internal/faults/trees"
	stories   = "./internal/stories"
)

// bugs is all of them. A search is given enough cases to find its own, and no more.
func bugs() []bug {
	random := []string{"-rapid.nofailfile", "-rapid.checks=300", "-rapid.seed=1", "-rapid.shrinktime=0s"}

	return []bug{
		{
			name: "a branch is deleted without a look at people's commits", file: "pkg/bot/retire.go",
			old: "if foreign, err := b.foreignOn(ctx, s, branch); err != nil || foreign != \"\" {", new: "if _, err := b.foreignOn(ctx, s, branch); err != nil {",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "a person's commit counts as the program's", file: "pkg/bot/person.go",
			old: "if b.wrote(e) || len", new: "if b.wrote(e) || e.Author.Email != \"\" || len",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "the lease is not held", file: "pkg/repo/push.go",
			old: "return r.lost(u, at)\n\t\t}\n\t})", new: "u.from = at\n\n\t\t\treturn r.command(ctx, session, adv.Capabilities, u)\n\t\t}\n\t})",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "the marker is not read", file: "pkg/gh/marker.go",
			old: "return found, found.Version > 0", new: "return found, found.Version > 1_000",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "a closed pull request is forgotten", file: "pkg/bot/declined.go",
			old: "pr.State == \"closed\" && !pr.Merged &&", new: "pr.State == \"closed\" && pr.Merged &&",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "nobody asks who closed a pull request", file: "pkg/bot/declined.go",
			old: "if other {", new: "if other && !other {",
			search: stories, run: "TestStories/closed-again",
		},
		{
			name: "what was sent is not remembered", file: "pkg/notify/deliver.go",
			old: "set(&l.Sent, ledgerKey(t, e), e.At.UTC())\n\treturn nil", new: "return nil",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "the state is never written", file: "pkg/bot/tell.go",
			old: "if now, err := m.bytes(); err != nil || bytes.Equal(now, m.read) {", new: "if now, err := m.bytes(); err != nil || len(now) > 0 || bytes.Equal(now, m.read) {",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "the first reference stays behind", file: "pkg/patch/plan.go",
			old: "r.Application == application && !r.Shared {", new: "i > 0 && r.Application == application && !r.Shared {",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "releases are proposed with an image missing", file: "pkg/plan/rules.go",
			old: "\t{Incomplete, (*judge).incomplete},\n", new: "",
			search: histories, run: "TestHistories", args: random,
		},
		{
			name: "the merged branch is left behind", file: "pkg/bot/retire.go",
			old: "return b.drop(ctx, s, branch, heads[branch])", new: "return nil",
			search: stories, run: "TestKilledAnywhere|TestStories",
		},
		{
			name: "a token is recognised only as it is, not in base64", file: "pkg/veil/spell.go",
			old: "for before := range 3 {", new: "for before := range 0 {",
			search: stories, run: "TestNothingLeaks",
		},
		{
			name: "errors repeat a token that was given as something else", file: "internal/cli/program.go",
			old: "said := veil.Shaped(err.Error())", new: "said := err.Error()",
			search: stories, run: "TestNothingLeaks",
		},
		{
			name: "a mistake in a configuration shows what stands there", file: "pkg/config/node.go",
			old: "strconv.Quote(cut(veil.Stray(s)))", new: "strconv.Quote(cut(s + veil.Stray(\"\")))",
			search: "./pkg/config", run: "TestSecretsInTheWrongPlaces",
		},
		{
			name: "@ goes out as it came", file: "pkg/gh/inert.go",
			old: "case '@', '#',", new: "case '#',",
			search: histories, run: "TestHostileUpstream",
		},
		{
			name: "HTML goes out as it came", file: "pkg/gh/inert.go",
			old: "'<', '&', '\\\\':", new: "'&', '\\\\':",
			search: histories, run: "TestHostileUpstream",
		},
		{
			name: "a file is read whatever its size", file: "pkg/patch/contents.go",
			old: "maxFile = 64 << 20", new: "maxFile = 4 << 30",
			search: trees, run: "TestFolders/of/a_manifest_of_1_GB", tags: "faults",
		},
		{
			name: "a link is followed", file: "pkg/repo/dirfast_unix.go",
			old: "readOnly   = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOFOLLOW |", new: "readOnly   = unix.O_RDONLY | unix.O_CLOEXEC |",
			search: trees, run: "TestFolders/of/bot.yaml_leads_outside", tags: "faults",
		},
		{
			name: ".git is read", file: "pkg/repo/dirlist.go",
			old: "list = slices.DeleteFunc(list, func(e fs.DirEntry) bool { return isGit(e.Name()) })", new: "list = slices.Clip(list)",
			search: trees, run: "TestFolders/of/.git", tags: "faults",
		},
		{
			name: "a transformer may fetch", file: "pkg/drift/render/outside.go",
			old: "func fetched(p string) bool {\n", new: "func fetched(p string) bool {\n\tp = strings.TrimPrefix(p, \"http:\")\n",
			search: trees, run: "TestFolders/of/a_transformer", tags: "faults",
		},
		{
			name: "aliases are followed without counting", file: "pkg/drift/render/heavy.go",
			old: "if n.Alias != nil {", new: "if n.Alias != nil && len(n.Alias.Content) > 1_000 {",
			search: trees, run: "TestFolders/of/aliases", tags: "faults",
		},
		{
			name: "names reach the terminal as they are", file: "internal/cli/terminal.go",
			old: "case unicode.IsControl(r), unicode.Is", new: "case unicode.IsControl(r) && r > 0x7f, unicode.Is",
			search: trees, run: "TestFolders/of/names_that_a_terminal", tags: "faults",
		},
		{
			name: "a pack may unfold to anything", file: "internal/pack/bounded.go",
			old: "maxObject = 128 << 20", new: "maxObject = 128 << 40",
			search: trees, run: "TestRepositories/of/a_blob_of_1_GB_that_it_does_not", tags: "faults",
		},
		{
			name: "a source may send anything", file: "pkg/upstream/limits.go",
			old: "case t.size+len(text) > maxText:", new: "case t.size < 0:",
			search: trees, run: "TestSources/of/a_file_of_400_kB",
		},
	}
}
