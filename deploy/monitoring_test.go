package deploy_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const monitoring = "components/monitoring/"

// metric finds what an expression asks for.
var metric = regexp.MustCompile(`\bbot_[a-z_]+`)

// exported are the metrics that the documentation lists, which is held against
// the service itself in pkg/server.
func exported(t *testing.T) []string {
	t.Helper()

	page, err := os.ReadFile("../docs/running.md")
	if err != nil {
		t.Fatal(err)
	}

	var names []string
	for _, m := range regexp.MustCompile("(?m)^\\| `(bot_[a-z_]+)").FindAllStringSubmatch(string(page), -1) {
		names = append(names, m[1], m[1]+"_bucket")
	}

	return names
}

// asks tells that an expression is closed and asks for metrics that there are.
func asks(t *testing.T, where, expr string, known []string) {
	t.Helper()

	found := metric.FindAllString(expr, -1)
	if len(found) == 0 {
		t.Errorf("%s asks for no metric: %s", where, expr)
	}

	for _, name := range found {
		if !slices.Contains(known, name) {
			t.Errorf("%s asks for %s, which is not exported", where, name)
		}
	}

	for _, pair := range []string{"()", "{}", "[]"} {
		if strings.Count(expr, pair[:1]) != strings.Count(expr, pair[1:]) {
			t.Errorf("%s: %s do not match in %s", where, pair, expr)
		}
	}
}

func TestAlertRulesAskForWhatThereIs(t *testing.T) {
	t.Parallel()

	data, err := os.ReadFile(monitoring + "prometheusrule.yaml")
	if err != nil {
		t.Fatal(err)
	}

	var rule struct {
		Kind string
		Spec struct {
			Groups []struct {
				Rules []struct {
					Alert, Expr, For    string
					Labels, Annotations map[string]string
				}
			}
		}
	}

	if err := yaml.Unmarshal(data, &rule); err != nil || rule.Kind != "PrometheusRule" || len(rule.Spec.Groups) != 1 {
		t.Fatalf("%+v, %v", rule, err)
	}

	known, seen := exported(t), map[string]bool{}

	for _, r := range rule.Spec.Groups[0].Rules {
		asks(t, r.Alert, r.Expr, known)

		if seen[r.Alert] || r.For == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
			t.Errorf("%s: twice, or without for, severity, summary or description", r.Alert)
		}

		seen[r.Alert] = true
	}
}

func TestTheDashboardAsksForWhatThereIs(t *testing.T) {
	t.Parallel()

	data, err := os.ReadFile(monitoring + "dashboard.json")
	if err != nil {
		t.Fatal(err)
	}

	var dashboard struct {
		Panels []struct {
			Title   string `json:"title"`
			GridPos struct {
				X int `json:"x"`
				Y int `json:"y"`
				W int `json:"w"`
				H int `json:"h"`
			} `json:"gridPos"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
	}

	if err := json.Unmarshal(data, &dashboard); err != nil {
		t.Fatal(err)
	}

	known := exported(t)
	text := string(data)

	for i, p := range dashboard.Panels {
		for _, target := range p.Targets {
			asks(t, p.Title, target.Expr, known)
		}

		for _, other := range dashboard.Panels[:i] {
			a, b := p.GridPos, other.GridPos
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
				t.Errorf("%s lies over %s", p.Title, other.Title)
			}
		}
	}

	for _, name := range known {
		told := name == "bot_build_info" || strings.HasSuffix(name, "_bucket") ||
			slices.Contains([]string{"bot_last_successful_pass_timestamp_seconds", "bot_config_loads_total", "bot_config_last_load_success_timestamp_seconds"}, name)
		if !told && !strings.Contains(text, name) {
			t.Errorf("no panel shows %s", name)
		}
	}
}
