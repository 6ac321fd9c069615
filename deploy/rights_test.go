package deploy_test

import (
	"slices"
	"testing"
)

// TestTheClusterIsReadAndNothingElse: what `bot drift --live` is given can't
// change anything, can't read a Secret, and is given to the bot alone.
func TestTheClusterIsReadAndNothingElse(t *testing.T) {
	t.Parallel()

	objects := render(t, rights)
	if len(objects) != 2 {
		t.Fatalf("%d objects, want a role and its binding", len(objects))
	}

	rules := at(find(t, objects, "ClusterRole", "bot-reads-mastodon"), "rules").([]any)
	if len(rules) == 0 {
		t.Error("no rules")
	}

	for _, rule := range rules {
		want := []any{"get", "list", "watch"}
		if slices.Contains(at(rule, "resources").([]any), any("pods/log")) {
			want = want[:1] // a log can't be listed
		}

		if verbs := at(rule, "verbs").([]any); !slices.Equal(verbs, want) {
			t.Errorf("verbs of %v = %v", at(rule, "resources"), verbs)
		}

		for _, key := range []string{"resources", "apiGroups"} {
			for _, name := range at(rule, key).([]any) {
				if name == "secrets" || name == "*" || name == "" && key == "resources" {
					t.Errorf("%s: %v", key, name)
				}
			}
		}

		if at(rule, "nonResourceURLs") != nil {
			t.Errorf("rule = %v", rule)
		}
	}

	binding := find(t, objects, "ClusterRoleBinding", "bot-reads-mastodon")
	if role := at(binding, "roleRef", "name"); role != "bot-reads-mastodon" {
		t.Errorf("role = %v", role)
	}

	subjects := at(binding, "subjects").([]any)
	if len(subjects) != 1 || at(subjects[0], "kind") != "ServiceAccount" || at(subjects[0], "name") != "bot" || at(subjects[0], "namespace") != "mastodon-bot" {
		t.Errorf("subjects = %v", subjects)
	}
}
