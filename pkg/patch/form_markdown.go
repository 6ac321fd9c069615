package patch

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
	"github.com/goingdark-social/bot/pkg/version"
)

// notes finds, in the documents of an application, the places that name a version it is on.
type notes struct {
	family Family
	on     []version.Version // fixed versions that its references name
	web    string            // the image that a mention without one stands for
}

// find adds the references of one document, those of the fenced blocks that blocks admits.
func (n notes) find(p *page, d *document, admits func(*block) bool) []*Reference {
	from := len(p.references)

	for _, passage := range d.passages {
		if admits(passage.block) {
			passage.text = passage.code()
			n.passage(p, passage)
		}
	}

	return p.references[from:]
}

func (n notes) passage(p *page, in passage) {
	text := in.text.String()

	if !in.link {
		for _, s := range p.names.find(text) {
			if tag := s.part(text, s.tag); n.names(version.ParseSuffixed(tag, n.family.TagSuffix)) {
				r := p.spelled(Markdown, in.text, s, p.names.canonical(s.part(text, s.name)))
				r.family = n.family
				r.Components = addComponents(r.Components, in.components(r)...)
			}
		}
	}

	targets := in.targets()
	if in.link && !about(targets) {
		return
	}

	if !n.mentions(p, in.text, in) {
		return
	}

	for _, target := range in.target {
		n.mentions(p, target, passage{link: true})
	}
}

// names tells a complete, fixed version that the application is on.
func (n notes) names(v version.Version) bool {
	return v.Fixed() && slices.ContainsFunc(n.on, v.Equal)
}

var (
	bareVersion = lazyre.New(`(?:v?\d+\.\d+\.\d+(?:-?(?:alpha|beta|rc|a|b)\.?\d+)?|nightly\.\d{4}-\d{2}-\d{2}(?:-security)?|pr-\d+-[0-9a-f]{7,40})`)
	otherName   = lazyre.New(`(?i)\b(postgres(?:ql)?|pgbouncer|redis|valkey|dragonfly|elastic(?:search)?|opensearch|minio|nginx|caddy|traefik|ruby|node(?:js)?|kubernetes|k8s|k3s|talos|helm|argo(?:cd)?|flux|kustomize|cert-manager|longhorn|cilium|prometheus|grafana|libretranslate|chart)\b`)
	ownName     = lazyre.New(`(?i)mastodon|glitch`)
)

// mentions finds versions that stand by themselves, and tells whether there was one.
func (n notes) mentions(p *page, t source.Text, in passage) bool {
	text, found := t.String(), false

	for _, m := range bareVersion.FindAllStringIndex(text, -1) {
		tag := text[m[0]:m[1]]
		if !n.names(version.Parse(tag)) || !alone(text, m[0], m[1]) || in.other(m[0]) || tag[0] != 'v' && in.block != nil && !versionKey.MatchString(before(text, m[0])) {
			continue
		}

		r := &Reference{Form: Markdown, Image: n.web, Tag: tag}
		r.at.tag = t.Span(m[0], m[1])

		if tag[0] >= '0' && tag[0] <= '9' {
			r.at.spell = withoutV
		}

		p.add(r)

		found = true
	}

	return found
}

var versionKey = lazyre.New(`(?i)(appVersion|app\.kubernetes\.io/version|tags\.datadoghq\.com/version)"?:\s*["']?$`)

// around is what may stand around a version that stands by itself.
const around = " \t\r\n\"'()[]{}<>`,;="

// alone tells a version that is no part of another word, image, path or address, unless that is Mastodon's own.
func alone(text string, from, to int) bool {
	text, from, to = near(text, from, to)
	start := strings.LastIndexAny(text[:from], around) + 1
	end := len(text)

	if i := strings.IndexAny(text[to:], around); i >= 0 {
		end = to + i
	}

	before, after := text[start:from], strings.TrimRight(text[to:end], ".:!?")
	if (before == "" || strings.HasSuffix(before, ":-")) && after == "" {
		return true
	}

	if before != "" && strings.IndexByte("/@", before[len(before)-1]) < 0 || after != "" && strings.IndexByte("/?#", after[0]) < 0 {
		return false
	}

	return ownName.MatchString(before + after)
}

// before is the few words before an offset.
func before(text string, at int) string {
	at = min(at, len(text))

	return text[max(0, at-200):at]
}

// near is the part of a text around a span that a person could take in.
func near(text string, from, to int) (part string, start, end int) {
	cut := max(0, from-maxLine)

	return text[cut:min(len(text), to+maxLine)], from - cut, to - cut
}

// other tells a version of other software by the words near it.
func (in passage) other(at int) bool {
	if words := lastWords(before(in.before, len(in.before)), 2); in.block == nil && otherName.MatchString(words) && !ownName.MatchString(words) {
		return true
	}

	if line := before(in.text.String(), at); otherName.MatchString(line) && !ownName.MatchString(line) {
		return true
	}

	return in.block != nil && in.otherItem()
}

var itemName = lazyre.New(`^\s*(?:-\s+)?(?:name|newName|repository|image):\s*["']?([^"'\s#]+)`)

// otherItem looks for what the item of a list or mapping is about on the few lines above, as deep as the version's own.
func (in passage) otherItem() bool {
	depth := indentation(in.block.lines[in.line])

	for i := in.line; i >= max(0, in.line-6) && indentation(in.block.lines[i]) >= depth; i-- {
		line := in.block.lines[i]
		if m := itemName.FindStringSubmatch(line); m != nil && indentation(line) == depth {
			return !ownName.MatchString(m[1])
		}
	}

	return false
}

// indentation is how deep a line's key stands, the dashes of lists left out.
func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " -")) }

func lastWords(s string, n int) string {
	words := strings.Fields(s)

	return strings.Join(words[max(0, len(words)-n):], " ")
}

func (in passage) targets() string {
	var all []string
	for _, t := range in.target {
		all = append(all, t.String())
	}

	return strings.Join(all, " ")
}

// about tells a link that may lead to the present version: not into the past, nor to other software's releases.
func about(target string) bool {
	if dated(target) {
		return false
	}

	return !strings.Contains(target, "://") || ownName.MatchString(target) || !bareVersion.MatchString(target)
}

var lineComment = lazyre.New(`(?:^|\s)(?:#|//)(?:\s|$)`)

// code is a passage without its comment: that may tell the past.
func (in passage) code() source.Text {
	text := in.text.String()
	if in.block != nil {
		if at := lineComment.FindStringIndex(text); at != nil {
			return in.text.Slice(0, at[0])
		}
	}

	return in.text
}

// components says what of Mastodon an image in the notes runs, by the path or name that stands above it.
func (in passage) components(r *Reference) []Component {
	if r.streaming {
		return []Component{Streaming}
	}

	if in.block == nil {
		return nil
	}

	for i := in.line; i >= 0; i-- {
		line := in.block.lines[i]
		if m := itemName.FindStringSubmatch(line); m != nil && componentOf(m[1]) != "" && !ownName.MatchString(m[1]) {
			return []Component{componentOf(m[1])}
		}

		if name := pathComment(line); name != "" {
			if is := componentOfPath(name); is != "" {
				return []Component{is}
			}

			return nil
		}
	}

	return nil
}

func componentOfPath(name string) Component {
	parts := strings.Split(name, "/")
	for _, part := range slices.Backward(parts) {
		if is := componentOf(strings.TrimSuffix(strings.TrimSuffix(part, ".yaml"), ".yml")); is != "" {
			return is
		}
	}

	return ""
}
