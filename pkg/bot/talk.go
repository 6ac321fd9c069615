package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/goingdark-social/bot/pkg/gh"
)

// Talk is how people can talk to the program on GitHub. What is off costs
// nothing.
type Talk struct {
	// Comments lets people command the program in comments.
	Comments bool
	// Dashboard keeps one issue that says how things stand.
	Dashboard bool
	// Review judges people's pull requests.
	Review bool
}

func (t Talk) any() bool { return t.Comments || t.Dashboard || t.Review }

// Conversation is the part of GitHub where people are. [*gh.Client] is one.
type Conversation interface {
	Recent(ctx context.Context, fullName string) ([]gh.Issue, error)
	Labelled(ctx context.Context, fullName, label string) ([]gh.Issue, error)
	Issue(ctx context.Context, fullName string, number int) (gh.Issue, error)
	Mine(ctx context.Context, i gh.Issue) (bool, error)
	OpenIssue(ctx context.Context, fullName, title, body string, labels ...string) (gh.Issue, error)
	RewriteIssue(ctx context.Context, fullName string, number int, body string) (gh.Issue, error)
	CloseIssue(ctx context.Context, fullName string, number int) error
	Said(ctx context.Context, fullName string, since time.Time) ([]gh.Said, error)
	MayWrite(ctx context.Context, fullName, login string) (bool, error)
	React(ctx context.Context, fullName string, comment int64, r gh.Reaction) (first bool, err error)
	Answered(ctx context.Context, fullName string, number int, key string) (bool, error)
	Once(ctx context.Context, fullName string, number int, key string) error
	Proposals(ctx context.Context, fullName, base string) ([]gh.Proposal, error)
	Changed(ctx context.Context, fullName string, number int) ([]string, error)
	Report(ctx context.Context, fullName string, v gh.Verdict) (bool, error)
}

// glance looks at what changed last among the issues and pull requests: one
// request, by which a process that stays knows that nothing else need be asked.
func (b *Bot) glance(ctx context.Context, s *site) error {
	if !b.Talk.any() || !s.info.Issues {
		return nil
	}

	recent, err := b.GitHub.Recent(ctx, s.name)
	if disabled, ok := errors.AsType[*gh.DisabledError](err); ok {
		b.Log.DebugContext(ctx, "people cannot be talked to", "error", disabled)

		return nil
	}

	if err != nil {
		return fmt.Errorf("reading what changed in %s: %w", s.name, err)
	}

	sum := sha256.Sum256(fmt.Appendf(nil, "%#v", recent))
	s.recent, s.glimpse = recent, hex.EncodeToString(sum[:])

	return nil
}

// attend does what people asked for since the last pass.
func (b *Bot) attend(ctx context.Context, s *site) error {
	for _, step := range []struct {
		what string
		do   func(context.Context, *site) error
	}{
		{"talking to people", b.glance},
		{"the dashboard", b.findBoard},
		{"what ticked boxes ask for", b.tick},
		{"what comments ask for", b.hear},
	} {
		if err := b.forgive(ctx, s, step.what, step.do(ctx, s)); err != nil {
			return err
		}
	}

	return nil
}

// speak tells people how things stand after a pass.
func (b *Bot) speak(ctx context.Context, s *site, result *Result) error {
	return errors.Join(
		b.forgive(ctx, s, "the dashboard", b.show(ctx, s, result)),
		b.forgive(ctx, s, "judging pull requests", b.review(ctx, s)),
	)
}

// forgive lets a pass go on without what the token has no right to. It is said
// in the log.
func (b *Bot) forgive(ctx context.Context, s *site, what string, err error) error {
	refused, ok := errors.AsType[*gh.Error](err)
	if !ok || refused.Permission == "" {
		return err
	}

	b.Log.WarnContext(ctx, what+" is left out", "repository", s.name, "error", err)

	return nil
}

// talkPath is where the state keeps what belongs to no application.
const talkPath = "repository.json"

// talked is what was said and done for people, beyond what GitHub itself can
// tell. Losing it costs requests, and nothing is said twice for it.
type talked struct {
	Version int `json:"version"`
	// Heard are the comments whose commands were answered, by id, and when.
	Heard map[int64]time.Time `json:"heard,omitempty"`
	// Dashboard is the number of the issue.
	Dashboard int `json:"dashboard,omitempty"`
	// Reviewed are the heads that were judged, and on which base, by the number
	// of the pull request.
	Reviewed map[int]reviewed `json:"reviewed,omitempty"`
}

type reviewed struct {
	Head string `json:"head"`
	Base string `json:"base"`
}

// memories is how long answered comments are remembered here. GitHub
// remembers longer: by the reaction and the answer.
const memories = 30 * 24 * time.Hour

func parseTalked(data []byte) (talked, error) {
	t := talked{Version: stateVersion}

	if len(data) > 0 {
		if err := json.Unmarshal(data, &t); err != nil {
			return t, fmt.Errorf("reading %s on the state ref: %w", talkPath, err)
		}
	}

	if t.Version != stateVersion {
		return t, fmt.Errorf("%s on the state ref has format %d and this program knows %d: a newer one wrote it", talkPath, t.Version, stateVersion)
	}

	if t.Heard == nil {
		t.Heard = map[int64]time.Time{}
	}

	if t.Reviewed == nil {
		t.Reviewed = map[int]reviewed{}
	}

	return t, nil
}

// talked reads what was said and done, once a pass and only when something
// hangs on it.
func (b *Bot) talked(ctx context.Context, s *site) (*talked, error) {
	if s.talked != nil {
		return s.talked, nil
	}

	data, err := s.git.ReadState(ctx, talkPath)
	if err != nil {
		return nil, fmt.Errorf("reading the state of %s: %w", s.name, err)
	}

	t, err := parseTalked(data)
	if err != nil {
		return nil, err
	}

	s.talked = &t

	return s.talked, nil
}

// note changes what was said and done, also over what another process wrote
// meanwhile.
func (b *Bot) note(ctx context.Context, s *site, change func(*talked)) error {
	err := s.git.UpdateState(ctx, talkPath, func(old []byte) ([]byte, error) {
		t, err := parseTalked(old)
		if err != nil {
			return nil, err
		}

		change(&t)
		maps.DeleteFunc(t.Heard, func(_ int64, at time.Time) bool { return b.Now().Sub(at) > memories })

		s.talked = &t

		data, err := json.MarshalIndent(t, "", "  ")

		return append(data, '\n'), err
	})
	if err != nil {
		return fmt.Errorf("writing the state of %s: %w", s.name, err)
	}

	return nil
}
