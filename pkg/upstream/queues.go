package upstream

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

const sidekiqFile = "config/sidekiq.yml"

var (
	queuesKey = lazyre.New(`^:queues:\s*(?:#.*)?$`)
	queueLine = lazyre.New(`^\s*-\s*\[?\s*['":]?([A-Za-z0-9_-]+)['"]?\s*(?:,\s*([0-9]+))?\s*\]?\s*(?:#.*)?$`)
)

// queues reads the list :queues: of Sidekiq's file. The file is ERB, no YAML, until Ruby ran; the list is plain.
func (t *Tree) queues() ([]facts.Queue, error) {
	var out []facts.Queue
	line, inside := 0, false
	for l := range strings.Lines(t.Files[sidekiqFile].Text) {
		line++
		l = strings.TrimRight(l, "\r\n")
		trimmed := strings.TrimSpace(l)
		switch {
		case queuesKey.MatchString(l):
			inside = true
		case !inside || trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case strings.HasPrefix(trimmed, "-"):
			m := queueLine.FindStringSubmatch(l)
			if m == nil {
				return nil, fmt.Errorf("%s:%d: no queue: %s", sidekiqFile, line, trimmed)
			}
			weight, err := strconv.Atoi(cmp.Or(m[2], "1"))
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", sidekiqFile, line, err)
			}
			out = append(out, facts.Queue{Name: m[1], Weight: weight})
		default:
			inside = false
		}
	}
	slices.SortFunc(out, func(a, b facts.Queue) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}
