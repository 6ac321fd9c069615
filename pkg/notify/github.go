package notify

import (
	"context"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/effect"
)

// Commenter comments on a pull request. Comments with the same key are made once. It passes its own effects through the
// seam, so that each comment is one effect.
type Commenter interface {
	Comment(ctx context.Context, repo string, number int, body, key string) (url string, err error)
}

// GitHub is the target that comments on pull requests. It has nothing to say where there is none, nor about a pull
// request's being opened or merged, which GitHub shows by itself.
type GitHub struct{ commenter Commenter }

// NewGitHub returns the target.
func NewGitHub(c Commenter) *GitHub { return &GitHub{c} }

// Name is "github".
func (*GitHub) Name() string { return "github" }

// Send comments. A failure is told once for each distinct error, not daily: a comment stays.
func (g *GitHub) Send(ctx context.Context, _ effect.Seam, e Event, _ string) (string, error) {
	if !g.Speaks(e) {
		return "", nil
	}
	_, err := g.commenter.Comment(ctx, e.Repository, e.PullRequest.Number, comment(e), e.subject())
	return "", err
}

// Speaks tells whether an event has a place here.
func (*GitHub) Speaks(e Event) bool { return e.PullRequest != nil && comment(e) != "" }

// comment is the Markdown of an event; empty: none. Texts of strangers stand in code, where nothing pings, links or hides.
func comment(e Event) string {
	switch e.Kind {
	case Updated:
		return moved(e) // what it does is in the description
	case RolledOut:
		return code(e.To) + " is rolled out.\n\n" + table(e.Facts) + paragraph(e.Summary) + paragraph(strings.Join(e.Lines, "\n"))
	case Replaced:
		return replaced(e) + "\n\n" + table(e.Facts)
	case Stuck:
		return "The roll-out of " + code(e.To) + " is stuck.\n\n" + codeBlock(strings.Join(e.Lines, "\n")) + logged(e.Log) + paragraph(e.Summary)
	case Incomplete:
		var b strings.Builder
		fmt.Fprintf(&b, "%s is not complete yet, so this pull request does not move on to it. Missing:\n", code(e.To))
		for _, m := range e.Missing[:min(len(e.Missing), maxListed)] {
			b.WriteString("\n- " + code(m))
		}
		if more := len(e.Missing) - maxListed; more > 0 {
			fmt.Fprintf(&b, "\n- and %d more", more)
		}
		return b.String() + paragraph(e.Summary)
	case Due:
		return inertLines(e.Summary)
	case Failed:
		return "The last pass over this application failed. The next one tries again.\n\n" + codeBlock(e.Err)
	default:
		return ""
	}
}

// replaced says who took over. The number links there, and shows the way back from there.
func replaced(e Event) string {
	s := "The roll-out of " + code(e.To) + " is followed no further: "
	if e.By == nil {
		return s + "the base branch went on to " + code(e.Next) + " without a pull request of this program."
	}
	return s + fmt.Sprintf("#%d took over with %s.", e.By.Number, code(e.Next))
}

func moved(e Event) string {
	if len(e.From) == 0 {
		return fmt.Sprintf("This pull request moves on to %s.", code(e.To))
	}
	from := make([]string, len(e.From))
	for i, v := range e.From {
		from[i] = code(v)
	}
	return fmt.Sprintf("This pull request moves on from %s to %s.", strings.Join(from, ", "), code(e.To))
}

// table is particulars in two columns.
func table(facts [][2]string) string {
	if len(facts) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| | |\n|-|-|")
	for _, f := range facts {
		fmt.Fprintf(&b, "\n| %s | %s |", cell(f[0]), cell(f[1]))
	}
	return b.String()
}

// cell is a code span that does not end its cell.
func cell(s string) string { return strings.ReplaceAll(code(s), "|", "\\|") }

// logged is the end of a log, under a heading of its own.
func logged(log string) string {
	if log == "" {
		return ""
	}
	return "\n\nThe end of its log:\n\n" + codeBlock(log)
}

func paragraph(s string) string {
	if s = cleanLines(s); s == "" {
		return ""
	}
	return "\n\n" + codeBlock(s)
}

// inertLines is a summary of ours in a block of its own.
func inertLines(s string) string { return strings.TrimPrefix(paragraph(s), "\n\n") }

// code is a code span that its content can't end.
func code(s string) string {
	s = clean(s)
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || s == "" {
		s = " " + s + " "
	}
	return fence + s + fence
}

// codeBlock is a fenced block that its content can't end.
func codeBlock(s string) string {
	const most = 10_000
	s = cleanLines(s)
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	fence := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	return fence + "text\n" + s + "\n" + fence
}

func longestRun(s string, c rune) int {
	longest, run := 0, 0
	for _, r := range s {
		if run++; r != c {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
