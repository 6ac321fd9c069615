package app

import (
	"slices"
	"strings"
)

// Permissions are rights by the names of GitHub's API: "contents": "write".
type Permissions map[string]string

// Needed is what the bot's work takes: a branch and the state (contents), and
// pull requests with their labels and comments. Metadata comes with any.
func Needed() Permissions {
	return Permissions{"contents": "write", "pull_requests": "write", "issues": "read", "metadata": "read"}
}

// ranks orders what may be granted; what is not granted is 0.
var ranks = map[string]int{"read": 1, "write": 2, "admin": 3}

// Missing are those of needed that p does not hold, as GitHub's settings name
// them ("pull requests: write"), in their order.
func (p Permissions) Missing(needed Permissions) []string {
	var out []string

	for name, access := range needed {
		if ranks[p[name]] < ranks[access] {
			out = append(out, strings.ReplaceAll(name, "_", " ")+": "+access)
		}
	}

	slices.Sort(out)

	return out
}
