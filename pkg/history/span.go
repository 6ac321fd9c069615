package history

import (
	"fmt"
	"time"
)

// Span is a duration as people say it, to two units: "3 d 4 h", "12 min".
func Span(d time.Duration) string {
	minutes := int(d / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24

	switch {
	case days >= 100:
		return fmt.Sprintf("%d d", days)
	case days > 0 && hours > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case days > 0:
		return fmt.Sprintf("%d d", days)
	case hours > 0 && minutes%60 > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes%60)
	case hours > 0:
		return fmt.Sprintf("%d h", hours)
	case minutes > 0:
		return fmt.Sprintf("%d min", minutes)
	case d > 0:
		return fmt.Sprintf("%d s", max(1, int(d/time.Second)))
	}

	return "0 s"
}
