package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// mentions finds versions of this application in inline code and links that are not the one in use.
func (n notes) mentions(d patch.Document) []Finding {
	current := n.in.current()
	if len(current) != 1 {
		return nil // which one the notes should name is not known; version-skew says so
	}

	var out []Finding

	add := func(piece patch.DocumentText, from, to int) {
		have := piece.Text[from:to]
		want := current[0].Tag()

		if !strings.HasPrefix(have, "v") {
			want = strings.TrimPrefix(want, "v")
		}

		out = append(out, Finding{
			Place: Place{n.file, piece.Line}, Name: have, Related: n.in.decided(current[0]),
			Message:  fmt.Sprintf("the notes say %s, and the application is on %s", have, want),
			Expected: want, Actual: have, Fix: "Write " + want + " into the notes (bot drift --fix does).",
			edits: []edit{{piece.Offset + from, piece.Offset + to, want}},
		})
	}

	for _, piece := range d.Code {
		if m := n.image(piece.Text); m != nil && n.stale(piece.Text[m[0]:m[1]], current[0]) && !otherWords.MatchString(n.before(piece)) {
			add(piece, m[0], m[1])
		} else if t := strings.TrimSpace(piece.Text); m == nil && bareVersion.MatchString(t) && n.stale(t, current[0]) && present(n.before(piece)) {
			at := strings.Index(piece.Text, t)
			add(piece, at, at+len(t))
		}
	}

	for _, f := range d.Fences {
		if len(fragments(f)) > 0 || !strings.HasPrefix(strings.ToLower(f.Info), "y") {
			continue
		}

		for _, piece := range f.Lines {
			code, _, _ := strings.Cut(piece.Text, " #")
			if m := n.image(code); m != nil && n.stale(piece.Text[m[0]:m[1]], current[0]) {
				add(piece, m[0], m[1])
			}
		}
	}

	return out
}

var bareVersion = lazyre.New(`^(?:v\d+\.\d+\.\d+(?:-?(?:alpha|beta|rc)\.?\d+)?|nightly\.\d{4}-\d{2}-\d{2}(?:-security)?)$`)

// image finds the tag of one of the application's images in a text.
func (n notes) image(text string) []int {
	for _, image := range n.in.familyImages() {
		at := strings.Index(text, image+":")
		if at < 0 {
			continue
		}

		from := at + len(image) + 1

		to := from
		for to < len(text) && !strings.ContainsRune(" \t\r\n\"'`)@,;", rune(text[to])) {
			to++
		}

		return []int{from, to}
	}

	return nil
}

// stale tells a complete, fixed version of Mastodon that is not the current one: of its major version, else it is something else's.
func (n notes) stale(tag string, current version.Version) bool {
	v := version.ParseSuffixed(tag, n.in.Application.Family.TagSuffix)
	if !v.Fixed() || v.Equal(current) {
		return false
	}

	return v.Kind() == version.Nightly && current.Kind() == version.Nightly || v.Line().Major == current.Line().Major && v.Kind() != version.Nightly
}

// current are the versions that the manifests name, each once.
func (in *Input) current() []version.Version {
	var out []version.Version

	for _, r := range in.versions() {
		if !slices.ContainsFunc(out, r.version.Equal) {
			out = append(out, r.version)
		}
	}

	if len(out) == 1 && !out[0].Fixed() {
		return nil
	}

	return out
}

func (in *Input) decided(v version.Version) []Place {
	var out []Place

	for _, r := range in.versions() {
		if r.version.Equal(v) && !slices.Contains(out, r.at) {
			out = append(out, r.at)
		}
	}

	return out
}

// entry is the start of a table's row or a list's item: what stands above speaks of something else.
var entry = lazyre.New(`^\s*(?:[|*+-]|\d+[.)])`)

// before is the text in front of a piece: its line, and the end of the one above.
func (n notes) before(piece patch.DocumentText) string {
	from := max(0, piece.Offset-120)
	text := string(n.data[from:piece.Offset])

	if at := strings.LastIndex(text, "\n\n"); at >= 0 {
		text = text[at:]
	}

	if at := strings.LastIndexByte(text, '\n'); at >= 0 && entry.MatchString(text[at+1:]) {
		text = text[at+1:]
	}

	if at := strings.LastIndexAny(text, ".!?;"); at >= 0 && at+1 < len(text) && (text[at+1] == ' ' || text[at+1] == '\n') {
		text = text[at+1:]
	}

	return text
}

var (
	// Words that speak of what runs now, right in front of the version.
	presentWords = lazyre.New(`(?i)(?:\b(?:web|sidekiq|streaming|migrations?|mastodon|glitch(?:-soc)?|version|tag|image|release)[\s*_|]*[:|][\s*_` + "`" + `]*$|\b(?:on|at|is|are|runs?|running|references?|uses?|using|pins?|pinned(?: to)?|deploys?|deployed|tag(?:ged)?|current(?:ly)?|image|images|now|stays? on|to)\b[\s:*_(\[` + "`" + `]*(?:the|version|release|tag|mastodon|glitch-soc)?[\s:*_(\[` + "`" + `]*$)`)
	// Words that speak of another time, or of other software, anywhere in the sentence so far.
	otherWords = lazyre.New(`(?i)\b(?:since|from|until|before|after|prior|than|earlier|later|older|newer|below|above|requires?|required|needs?|introduced|added|removed|dropped|changed|fixed|broke|came|upgrad\w*|updat\w*|mov\w+|migrat\w+|bump\w*|was|were|had|did|used to|not|nor|never|instead|old|previous(?:ly)?|once|if|when|would|will|first|last|next|minimum|at least|postgres\w*|pgbouncer|redis|valkey|elastic\w*|opensearch|minio|nginx|ruby|node|kubernetes|k8s|helm|chart|argo\w*|flux|kustomize|cert-manager|longhorn|cilium|prometheus|grafana|talos)\b`)
)

// present tells that a version behind these words is meant to be the one in use.
func present(before string) bool {
	return presentWords.MatchString(before) && !otherWords.MatchString(before)
}
