package patch

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// What a command runs tells most surely what a container is.
var (
	runsMigrate   = lazyre.New(`\bdb:(migrate|prepare|setup|schema:load)\b|tootctl\s+(db\s+)?migrat`)
	runsSidekiq   = lazyre.New(`\bsidekiq\b`)
	runsStreaming = lazyre.New(`\bnode\b.*\bstreaming\b|\b(yarn|npm)\b.*\b(streaming|start)\b`)
	runsJob       = lazyre.New(`\btootctl\b|\brails\s+(runner|r|c|console)\b|\brake\b`)
	runsWeb       = lazyre.New(`\bpuma\b|\b(rails|rackup)\s+(s|server)\b|\bforeman\s+start\b`)
)

// components is what a container of an image is: by the image, its command, its name, its labels, the name of its object; a pod
// that ends is a job, and one that runs on without a command is what the image runs by itself, web.
func (c *container) components(streamingImage bool) []Component {
	if len(c.as) > 0 {
		return c.as
	}

	if streamingImage {
		return []Component{Streaming}
	}

	if found := c.byCommand(); len(found) > 0 {
		return found
	}

	ends := slices.Contains([]string{"Job", "CronJob"}, c.object.kind)
	if ends || c.command != "" && c.list == "initContainers" {
		return []Component{c.byNames(Migrate, Job)}
	}

	if is := c.byNames("", ""); is != "" || c.list == "" || c.bare {
		return slices.DeleteFunc([]Component{is}, func(c Component) bool { return c == "" })
	}

	return []Component{Web}
}

func (c *container) byCommand() []Component {
	var found []Component

	for _, known := range []struct {
		pattern *lazyre.Regexp
		is      Component
	}{{runsMigrate, Migrate}, {runsSidekiq, Sidekiq}, {runsStreaming, Streaming}, {runsWeb, Web}, {runsJob, Job}} {
		if known.pattern.MatchString(c.command) {
			found = append(found, known.is)
		}
	}

	if len(found) > 1 {
		found = slices.DeleteFunc(found, func(c Component) bool { return c == Job })
	}

	return found
}

// byNames looks for a component's word in names, the nearest first. With only set nothing else is looked for.
func (c *container) byNames(only, otherwise Component) Component {
	for _, name := range []string{
		c.name, c.object.labels["app.kubernetes.io/component"], c.object.labels["component"], c.object.name,
		c.object.labels["app.kubernetes.io/name"], c.object.labels["app"],
	} {
		if is := componentOf(name); is != "" && (only == "" || is == only) {
			return is
		}
	}

	return otherwise
}

var componentWords = map[string]Component{
	"web": Web, "puma": Web, "rails": Web,
	"sidekiq": Sidekiq, "worker": Sidekiq, "workers": Sidekiq,
	"streaming": Streaming, "stream": Streaming,
	"migrate": Migrate, "migration": Migrate, "migrations": Migrate, "migrator": Migrate,
	"job": Job, "cron": Job, "tootctl": Job, "cleanup": Job,
}

// componentOf finds the last word of a name that tells a component: "mastodon-web-migrate" migrates.
func componentOf(name string) Component {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })

	for _, word := range slices.Backward(words) {
		if is, ok := componentWords[word]; ok {
			return is
		}
	}

	return ""
}
