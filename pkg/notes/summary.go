package notes

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/severity"
)

// Summary is the notes in a few plain sentences, for a chat: the verdict, security, and what is left to people. It names
// nothing that a manifest could hold.
func (n Notes) Summary() string {
	out := []string{fmt.Sprintf("%s: %s.", verdictWords[n.Verdict], n.Why)}
	if n.Urgent {
		out = append(out, "Upstream calls it urgent.")
	}
	if len(n.AdvisoriesLost) > 0 {
		out = append(out, fmt.Sprintf("It LOSES %s that %s has.", count(len(n.AdvisoriesLost), "security fix"), n.From))
	}
	switch security := len(n.securityReleases()); {
	case len(n.Advisories) > 0:
		out = append(out, fmt.Sprintf("It fixes %s.", some(n.Advisories)))
	case security > 0:
		out = append(out, "It has security fixes without ids.")
	}
	if s := n.Support; s.State == Ended {
		out = append(out, sentence(s.words())+".")
	}
	if found := n.counts(); found != "" {
		out = append(out, sentence(found)+" in this repository and on the way.")
	}
	return strings.Join(append(out, sentence(count(len(n.manual()), "step"))+" by hand."), " ")
}

// counts are how many errors and warnings there are; empty for none.
func (n Notes) counts() string {
	var out []string
	for _, s := range []severity.Level{severity.Error, severity.Warning} {
		number := 0
		for _, h := range n.Hazards {
			if h.Severity == s {
				number++
			}
		}
		if number > 0 {
			out = append(out, count(number, string(s)))
		}
	}
	return strings.Join(out, ", ")
}

func (n Notes) securityReleases() []string {
	var out []string
	for _, r := range n.Releases {
		if r.Security {
			out = append(out, r.Version)
		}
	}
	return out
}

// sentence begins with a capital.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
