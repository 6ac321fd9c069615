package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/pkg/config"
)

// misplaced are secrets as people paste them, with the part that must not be
// shown.
var misplaced = map[string]string{
	"github_pat_11CANARYgithub7f3a9c":                               "CANARYgithub7f3a9c",
	"ghp_cAnary0123456789abcdefABCDEF0123456789":                    "cAnary0123456789",
	"xoxb-4711-4711-cAnarySlack81d2":                                "cAnarySlack81d2",
	"https://hooks.slack.com/services/T0CANARY/B0CANARY/cAnaryIn55": "cAnaryIn55",
	"postgres://bot:cAnaryDb77@db.example.org/mastodon":             "cAnaryDb77",
	"postgres://bot:cAn@ryDb77@one,two/mastodon":                    "ryDb77",
	"host=db user=bot password='cAnary Db77' dbname=mastodon":       "cAnary Db77",
	"https://x-access-token:cAnary77@github.com/example/gitops":     "cAnary77",
	"p8Xq2cAnaryRandom0Vw1z+Zt/4=":                                  "cAnaryRandom0",

	"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n-----END OPENSSH PRIVATE KEY-----\n": "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ",
}

// sample is which part of the cases is tried: all of them by -tags faults.
var sample = map[bool]int{false: 17, true: 1}[faults.Full]

// TestSecretsInTheWrongPlaces puts each secret into the place of each key and
// of each value of files that use every key: what is said of it shows none.
func TestSecretsInTheWrongPlaces(t *testing.T) {
	t.Parallel()

	files, err := filepath.Glob("testdata/valid/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}

	cases, said := 0, 0
	count := faults.Begin("no secret that stands in the wrong place of a configuration in what is said of it")

	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}

		check := func(text []byte) error {
			if strings.HasPrefix(filepath.Base(file), "operator") {
				_, err := config.ParseOperator(file, text)

				return err
			}

			_, err := config.ParsePolicy(file, text)

			return err
		}

		var root yaml.Node
		if err := yaml.Unmarshal(data, &root); err != nil {
			t.Fatal(err)
		}

		for _, n := range scalars(&root) {
			was := *n

			for secret, canary := range misplaced {
				if cases++; cases%sample != 0 {
					continue
				}

				*n = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: secret}

				text, err := yaml.Marshal(&root)
				if err != nil {
					t.Fatal(err)
				}

				if err := check(text); err != nil {
					said++

					shown := strings.Contains(err.Error(), canary)
					count.Case(shown)

					if shown {
						t.Errorf("%s, in the place of %s: %v", secret, was.Value, err)
					}
				}
			}

			*n = was
		}
	}

	if said < cases/sample/2 {
		t.Errorf("only %d mistakes were found in %d files", said, cases/sample)
	}

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

// TestSecretsInBrokenFiles: what YAML's parser repeats of a line.
func TestSecretsInBrokenFiles(t *testing.T) {
	t.Parallel()

	cases := 0

	for secret, canary := range misplaced {
		if cases++; !faults.Full && cases > 2 {
			break
		}

		for _, text := range []string{"version: 1\n%s", "%s", "version: %s", "version: 1\n%s: {", "a: &%s 1\nb: *%s\n", "version: 1\n? %s\n- x", "version: 1\ntoken: *%s", "!%s 1", "version: 1\nversion: %s"} {
			broken := []byte(strings.ReplaceAll(text, "%s", secret))

			_, policy := config.ParsePolicy("bot.yaml", broken)
			_, operator := config.ParseOperator("operator.yaml", broken)

			for _, err := range []error{policy, operator} {
				if err == nil {
					t.Errorf("%q is said to be in order", broken)

					continue
				}

				if strings.Contains(err.Error(), canary) {
					t.Errorf("%q: %v", broken, err)
				}
			}
		}
	}
}

func scalars(n *yaml.Node) []*yaml.Node {
	var out []*yaml.Node

	if n.Kind == yaml.ScalarNode {
		out = append(out, n)
	}

	for _, c := range n.Content {
		out = append(out, scalars(c)...)
	}

	return out
}
