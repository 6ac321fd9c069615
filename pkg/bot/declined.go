package bot

import (
	"context"
	"fmt"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// declined are the releases whose pull request a person closed. One that the
// program closed itself says so in its marker.
func declined(prs []gh.PullRequest) []version.Version {
	var out []version.Version

	for i := range prs {
		if refused(&prs[i]) && prs[i].Marker.Retired == "" {
			out = append(out, version.Parse(prs[i].Marker.To))
		}
	}

	return out
}

// refused tells that a pull request ended without a merge.
func refused(pr *gh.PullRequest) bool {
	return pr.State == "closed" && !pr.Merged && pr.Marker.To != ""
}

// closedAgain reads the markers right of what the program closed and a person
// then opened and closed again, with no pass in between to see it open. GitHub
// is asked only where it matters, which is seldom: when a release that was
// closed could be proposed once more, because the branch went back, a policy
// changed, or its images are there again.
func (b *Bot) closedAgain(ctx context.Context, s *site, app patch.Application, prs []gh.PullRequest) error {
	for i := range prs {
		pr := &prs[i]
		if !refused(pr) || pr.Marker.Retired == "" || !newer(version.Parse(pr.Marker.To), app.On) {
			continue
		}

		other, err := b.GitHub.ClosedByOther(ctx, s.name, *pr)
		if err != nil {
			return fmt.Errorf("asking who closed pull request %d: %w", pr.Number, err)
		}

		if other {
			pr.Marker.Retired = ""
		}
	}

	return nil
}
