package bot

import "context"

// room is how many more pull requests the policy lets be open in the
// repository. Without a limit nobody asks.
func (b *Bot) room(ctx context.Context, s *site) (int, error) {
	most := s.view.Policy.Limits.OpenPullRequests
	if most == 0 {
		return 0, nil
	}

	open := map[string]bool{}
	for branch := range s.opened { // in this pass
		open[branch] = true
	}

	for _, app := range s.view.Tree.Applications {
		prs, err := b.pullRequests(ctx, s, app.Name)
		if err != nil {
			return 0, err
		}

		for _, pr := range prs {
			if pr.State == "open" {
				open[pr.Head.Ref] = true
			}
		}
	}

	return most - len(open), nil
}
