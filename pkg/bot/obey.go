package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/command"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// obey does one command and says what came of it, in Markdown. What cannot be
// done is an answer; an error is one of the program or of GitHub itself.
func (b *Bot) obey(ctx context.Context, s *site, at *spot, c command.Command) (string, error) {
	if c.Problem != "" {
		return "I do not understand: " + gh.Inert(c.Problem) + ".\n\n" + help, nil
	}

	if c.Verb == command.Help {
		return help, nil
	}

	apps, refusal := meant(s, at, c)
	if refusal != "" {
		return refusal, nil
	}

	var (
		answer string
		err    error
	)

	switch c.Verb {
	case command.Bump:
		answer, err = b.obeyBump(ctx, s, apps[0], c)
	case command.Rebase:
		answer, err = b.obeyRebase(ctx, s, at, apps)
	case command.Ignore:
		answer, err = b.obeyIgnore(ctx, s, at, apps[0], c)
	case command.Check:
		answer, err = b.obeyCheck(ctx, s, apps)
	case command.Help: // was answered
	}

	if err != nil && ctx.Err() == nil && speakable(err) {
		return fmt.Sprintf("`%s` was not done: %s", c, gh.Inert(err.Error())), nil
	}

	return answer, err
}

// help is what can be said.
const help = "| command | does |\n|-|-|\n" +
	"| `/bot bump v4.5.2` | proposes this release: opens or updates the pull request |\n" +
	"| `/bot rebase` | writes the branch of the pull request anew on the present base |\n" +
	"| `/bot ignore v4.5.2` | does not propose this release by itself any more, and closes its pull request |\n" +
	"| `/bot check` | says what would be proposed now, and why not the rest |\n" +
	"| `/bot help` | says this |\n\n" +
	"Each on a line of its own, from people who may write to this repository. " +
	"Where there are several applications, the name of one goes behind: `/bot bump v4.5.2 staging`."

// speakable tells an error that a person can do something about from one that
// ends the pass: GitHub that does not answer, or the end of the program.
func speakable(err error) bool {
	refused, ok := errors.AsType[*gh.Error](err)

	return !ok || !refused.Temporary
}

// meant are the applications that a command is about: one, or all for what can
// be asked of all at once. Otherwise it is refused.
func meant(s *site, at *spot, c command.Command) (apps []patch.Application, refusal string) {
	name := c.Application
	if name == "" {
		name = at.application
	}

	found, err := s.view.Select(name, name == "" && (c.Verb == command.Check || c.Verb == command.Rebase))

	if choice, ok := errors.AsType[*look.ChoiceError](err); ok {
		names := make([]string, 0, len(choice.Names))
		for _, n := range choice.Names {
			names = append(names, "`"+n+"`")
		}

		if choice.Asked != "" {
			return nil, fmt.Sprintf("There is no application `%s` here; there is %s.", gh.Inert(choice.Asked), strings.Join(names, ", "))
		}

		return nil, fmt.Sprintf("Which application? Put its name behind the command: %s.", strings.Join(names, ", "))
	}

	if err != nil {
		return nil, "That cannot be done: " + gh.Inert(err.Error()) + "."
	}

	return found, ""
}

// obeyRebase writes the branches of open pull requests anew on the present
// base: that of the pull request where it was said, or all.
func (b *Bot) obeyRebase(ctx context.Context, s *site, at *spot, apps []patch.Application) (string, error) {
	var lines []string

	for _, app := range apps {
		prs, err := b.pullRequests(ctx, s, app.Name)
		if err != nil {
			return "", err
		}

		for _, pr := range prs {
			if pr.State != "open" || at.track != "" && at.application == app.Name && pr.Marker.Track != at.track {
				continue
			}

			line, err := b.rebase(ctx, s, app, pr)
			if err != nil {
				return "", err
			}

			lines = append(lines, line)
		}
	}

	if len(lines) == 0 {
		return "There is no open pull request to write anew.", nil
	}

	return strings.Join(lines, "\n\n"), nil
}

func (b *Bot) rebase(ctx context.Context, s *site, app patch.Application, pr gh.PullRequest) (string, error) {
	change, err := b.prepare(ctx, s.view, app, BumpRequest{To: version.Parse(pr.Marker.To), AllowDowngrade: true})
	if err != nil {
		return "", err
	}

	if len(change.Files) == 0 {
		return fmt.Sprintf("There is nothing left to write: the base is on %s already.", change.To), nil
	}

	s.rebase[pr.Head.Ref] = true
	p, err := b.propose(ctx, s, pr.Marker.Track, change, &pr)
	delete(s.rebase, pr.Head.Ref)

	if err != nil {
		return "", err
	}

	delete(s.pulls, app.Name)

	if p.Action == Left {
		return proposedAnswer(p), nil
	}

	return fmt.Sprintf("#%d stands on the present base (%s).", pr.Number, short(s.base.Hash())), nil
}

// obeyIgnore notes that a release is not to be proposed. The pass closes its
// pull request.
func (b *Bot) obeyIgnore(ctx context.Context, s *site, at *spot, app patch.Application, c command.Command) (string, error) {
	to := c.To
	if !c.Has() {
		to = version.Parse(at.to)
	}

	if !to.Fixed() {
		return "Which version? On a pull request it is that one's, here it has to be named: `/bot ignore v4.5.2`.", nil
	}

	err := b.remembering(ctx, s, app.Name, func(kept *state) {
		if !slices.Contains(kept.Ignored, to.String()) {
			kept.Ignored = append(kept.Ignored, to.String())
			slices.Sort(kept.Ignored)
		}
	})
	if err != nil {
		return "", err
	}

	return fmt.Sprintf("%s is not proposed for `%s` any more. `/bot bump %s` proposes it all the same.", to, app.Name, to), nil
}

// remembering changes the state of an application between passes.
func (b *Bot) remembering(ctx context.Context, s *site, application string, change func(*state)) error {
	err := s.git.UpdateState(ctx, statePath(application), func(old []byte) ([]byte, error) {
		kept, err := parseState(application, old)
		if err != nil {
			return nil, err
		}

		change(&kept)

		return kept.bytes()
	})
	if err != nil {
		return fmt.Errorf("writing the state of %s: %w", application, err)
	}

	return nil
}
