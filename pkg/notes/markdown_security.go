package notes

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

var (
	ghsa = lazyre.New(`^GHSA(-[0-9a-z]{4}){3}$`)
	cve  = lazyre.New(`^CVE-\d{4}-\d{4,}$`)
)

// advisory is an id with a link to what is published of it; an id of another form stays text.
func (p *page) advisory(id string) string {
	switch {
	case ghsa.MatchString(id):
		return fmt.Sprintf("[%s](<%s/security/advisories/%s>)", id, vanilla, id)
	case cve.MatchString(id):
		return fmt.Sprintf("[%s](<https://nvd.nist.gov/vuln/detail/%s>)", id, id)
	default:
		return p.inert(id)
	}
}

// advisories are ids with links, the first of them where there are more than the limit; 0 is no limit.
func (p *page) advisories(ids []string, limit int) string {
	rest := ""
	if limit > 0 && len(ids) > limit+1 {
		rest = fmt.Sprintf(" and %d more", len(ids)-limit)
		ids = ids[:limit]
	}
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, p.advisory(id))
	}
	return strings.Join(out, ", ") + rest
}

// security are the whole lists, where the head has parts of them.
func (p *page) security() {
	n := p.n
	if len(n.AdvisoriesLost)+len(n.Advisories)+len(n.AdvisoriesUnnamed) == 0 {
		return
	}
	p.section("Security")
	for _, group := range []struct {
		title string
		ids   []string
	}{
		{"🔴 **lost**, until a release of this line has them", n.AdvisoriesLost},
		{"🛡️ **fixed**", n.Advisories},
		{fmt.Sprintf("not named by %s, which is younger", code(n.To)), n.AdvisoriesUnnamed},
	} {
		if len(group.ids) > 0 {
			p.linef("- %s: %s", group.title, p.advisories(group.ids, 0))
		}
	}
	if len(n.ReleasesLost) > 0 {
		p.linef("- made after %s, and not part of it: %s", code(n.To), codes(n.ReleasesLost))
	}
}
