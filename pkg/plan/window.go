package plan

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/goingdark-social/bot/pkg/config"
)

// OutsideMergeWindow says when a merge window opens again; "" while it is open,
// and where there is none. A window opens at each time of its cron expression,
// in its own time zone or else that of now, and stays open for its duration.
func OutsideMergeWindow(w *config.MergeWindow, now time.Time) string {
	if w == nil {
		return ""
	}

	if w.TimeZone != nil {
		now = now.In(w.TimeZone)
	}

	schedule, err := cron.ParseStandard(w.Cron)
	if err != nil {
		return fmt.Sprintf("the merge window %q cannot be read: %v", w.Cron, err)
	}

	if !schedule.Next(now.Add(-w.Duration)).After(now) {
		return ""
	}

	return "the merge window opens " + schedule.Next(now).Format("2006-01-02 15:04 MST")
}
