package inventory

import (
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// words joins a command's words; a plain string, which Kubernetes would refuse, is taken as it is.
func words(n *yaml.Node) string {
	if s := node.Text(n); s != "" {
		return s
	}
	var out []string
	for _, item := range node.Items(n) {
		out = append(out, node.Text(item))
	}
	return strings.Join(out, " ")
}

// fields are a command line's words without a shell's punctuation around them.
func fields(command string) []string {
	return strings.FieldsFunc(command, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`;&|()"'`, r)
	})
}

// migrates tells whether a command changes the database's schema; db:migrate:status and the like do not.
func migrates(command string) bool {
	return slices.ContainsFunc(fields(command), func(word string) bool {
		switch word {
		case "db:migrate", "db:migrate:setup", "db:setup", "db:prepare", "db:schema:load", "mastodon:setup":
			return true
		}
		return false
	})
}

// component judges by the command, then by the image, then by the names: most manifests need the first alone.
func component(o Object, image, container, command string) Component {
	if migrates(command) {
		return Migrate
	}
	run := fields(command)
	has := func(part string) bool {
		return slices.ContainsFunc(run, func(w string) bool { return strings.Contains(w, part) })
	}
	switch {
	case has("sidekiq"):
		return Sidekiq
	case has("puma"), has("rails") && (slices.Contains(run, "server") || slices.Contains(run, "s")):
		return Web
	case has("streaming"), strings.HasSuffix(image, "streaming"):
		return Streaming
	case o.Kind == "Job" || o.Kind == "CronJob" || len(run) > 0:
		return OtherJob
	}
	for _, name := range []string{container, o.Name} {
		for _, c := range []Component{Sidekiq, Streaming, Web} {
			if strings.Contains(name, string(c)) {
				return c
			}
		}
	}
	return OtherJob
}

// sidekiq reads the queues and the concurrency off a command line. A file (-C) may name other queues: unknown then.
func sidekiq(command string) (queues []string, concurrency int, unknown bool) {
	queues = []string{}
	run := fields(command)
	start := slices.IndexFunc(run, func(w string) bool { return strings.HasSuffix(w, "sidekiq") })
	for i := start + 1; i < len(run); i++ {
		option, value, joined := strings.Cut(run[i], "=")
		if len(option) > 2 && option[0] == '-' && option[1] != '-' {
			option, value, joined = option[:2], run[i][2:], true // -c25, -qdefault
		}
		if !joined && i+1 < len(run) {
			value = run[i+1]
		}
		switch option {
		case "-q", "--queue":
			name, _, _ := strings.Cut(value, ",")
			queues = append(queues, name)
		case "-c", "--concurrency":
			concurrency, _ = strconv.Atoi(value) // a variable there leaves 0, "not stated"
		case "-C", "--config":
			unknown = true
		}
	}
	return queues, concurrency, unknown && len(queues) == 0
}
