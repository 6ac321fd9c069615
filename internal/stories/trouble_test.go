package stories_test

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/slacktest"
)

// requests prints and forgets what was asked.
func requests(ts *testscript.TestScript, _ bool, _ []string) {
	s := of(ts)
	reads, writes, confirmed := 0, 0, 0

	for _, r := range s.GitHub.Requests() {
		switch {
		case r.Method != http.MethodGet:
			writes++
		case r.Status == 304:
			confirmed++
		default:
			reads++
		}
	}

	fmt.Fprintf(ts.Stdout(), "github: %d reads, %d confirmed, %d writes\n", reads, confirmed, writes)
	fmt.Fprintf(ts.Stdout(), "git: %d pushes\n", s.Git.Count("POST /example/gitops.git/git-receive-pack"))
	fmt.Fprintf(ts.Stdout(), "registry: %d\n", len(s.Registry.Requests()))
	s.GitHub.Forget()
	s.Git.Forget()
	s.Registry.Forget()
}

// outage makes the next requests to a stand-in fail.
func outage(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(arg(ts, args, 1, "1"))
	check(ts, err)

	s := of(ts)

	switch arg(ts, args, 0, "") {
	case "registry":
		s.mendRegistry = s.Registry.Break(registrytest.Fault{Trouble: registrytest.Status, Status: 503, Times: n})
	case "github":
		s.GitHub.Inject(githubtest.Fault{Status: 503, Times: n})
	case "github-writes": // the stand-in does nothing, and says so
		for _, method := range []string{"POST", "PATCH"} {
			s.GitHub.Inject(githubtest.Fault{Method: method, Status: 403, Times: n})
		}
	case "git":
		s.Git.Inject("", gittest.Fault{Status: 503}, n)
	case "slack":
		s.Slack.Fail(slacktest.Fault{Status: 503, Times: n})
	default:
		ts.Fatalf("there is no %s", args[0])
	}
}

// mend ends every outage.
func mend(ts *testscript.TestScript, _ bool, _ []string) {
	s := of(ts)
	s.Git.Heal()
	s.Slack.Mend()

	if s.mendRegistry != nil {
		s.mendRegistry()
	}
}

// token lets the program work with another token: one that may only read, or
// one that nobody knows.
func token(ts *testscript.TestScript, _ bool, args []string) {
	const readOnly = "github_pat_read_only"

	switch arg(ts, args, 0, "") {
	case "read-only":
		of(ts).GitHub.AddToken(githubtest.Token{Value: readOnly, Login: "goingdark-bot", Permissions: githubtest.Reader()})
		of(ts).Git.Allow(readOnly, false)
		ts.Setenv("STORY_TOKEN", readOnly)
	case "unknown":
		ts.Setenv("STORY_TOKEN", "github_pat_unknown")
	default:
		ts.Fatalf("token is read-only or unknown")
	}
}
