//go:build real

package gh_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/goingdark-social/bot/pkg/gh"
)

// TestHookTakesGitHubsOwnPayloads reads every example of a webhook that GitHub
// publishes.
func TestHookTakesGitHubsOwnPayloads(t *testing.T) {
	t.Parallel()

	data, err := os.ReadFile(os.Getenv("BOT_TEST_GITHUB_WEBHOOKS"))
	if err != nil {
		t.Fatalf("BOT_TEST_GITHUB_WEBHOOKS names no index.json of @octokit/webhooks-examples: run make test-real: %v", err)
	}

	var all []struct {
		Name     string            `json:"name"`
		Examples []json.RawMessage `json:"examples"`
	}

	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}

	examples, concerned := 0, map[string]int{}

	for _, event := range all {
		for _, example := range event.Examples {
			examples++

			d, err := gh.Hook(hook(event.Name, string(example)), []byte(hookSecret))
			if err != nil {
				t.Errorf("%s: %v: %v\n%.200s", event.Name, err, errors.Unwrap(err), example)
			}

			if d.Repository != "" {
				concerned[event.Name]++
			}

			if d.Repository != "" && !slices.Contains(gh.Heeded(), event.Name) {
				t.Errorf("%s is heeded", event.Name)
			}
		}
	}

	if len(all) < 50 || examples < 300 {
		t.Errorf("only %d events with %d examples", len(all), examples)
	}

	for _, event := range gh.Heeded() {
		if concerned[event] == 0 {
			t.Errorf("no example of %s concerns a repository", event)
		}
	}
}
