package dashboard

import (
	"fmt"
	"strconv"
	"time"

	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/severity"
)

// tiles sum up the list.
func tiles(all []listRow) []tile {
	var (
		fine, pulls, waiting, findings int
		longest                        time.Duration
	)

	for _, row := range all {
		if in(row.States, current) {
			fine++
		}

		pulls += len(row.Pulls)
		waiting += len(row.Waiting)
		findings += row.Count(severity.Error) + row.Count(severity.Warning)
		longest = max(longest, row.Longest)
	}

	return []tile{
		{strconv.Itoa(fine) + " of " + strconv.Itoa(len(all)), "up to date", "", grade(fine == len(all), "good", "")},
		{strconv.Itoa(pulls), "open pull " + plural(pulls, "request"), "", grade(pulls > 0, "info", "")},
		{strconv.Itoa(waiting), "security " + plural(waiting, "release") + " waiting", oldest(longest), grade(waiting > 0, "bad", "good")},
		{strconv.Itoa(findings), plural(findings, "finding"), "", grade(findings > 0, "warn", "good")},
	}
}

func oldest(d time.Duration) string {
	if d == 0 {
		return ""
	}

	return "longest " + history.Span(d)
}

// storyTiles sum up the story of an application.
func storyTiles(s history.Summary) []tile {
	return []tile{
		{strconv.Itoa(s.Upgrades), plural(s.Upgrades, "upgrade"), "", ""},
		{history.Span(s.MedianLag), "from release to everywhere", "median; longest " + history.Span(s.LongestLag), ""},
		{history.Span(s.MedianWait), "until security releases were in use", fmt.Sprintf("median of %d; longest %s", s.Security, history.Span(s.LongestWait)), grade(s.Waiting > 0, "bad", "")},
		{history.Span(s.MixedTotal), "on mixed versions", fmt.Sprintf("%d times; longest %s", s.MixedWindows, history.Span(s.LongestMixed)), grade(s.MixedWindows > 0, "warn", "good")},
	}
}

func grade(is bool, yes, no string) string {
	if is {
		return yes
	}

	return no
}

func plural(n int, one string) string {
	if n == 1 {
		return one
	}

	return one + "s"
}
