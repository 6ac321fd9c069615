package patch

import (
	"path"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

const (
	months    = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`
	datePlain = `\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}\.? ` + months + `\.?,? \d{4}|` + months + `\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|` + months + ` \d{4}|\d{4}-(?:0[1-9]|1[0-2]))\b`
	number    = `(?:v?\d+\.\d+\.\d+(?:[-.]?(?:alpha|beta|rc|a|b)[-.]?\d+)?|v\d+\.\d+|nightly\.\d{4}-\d{2}-\d{2}(?:-security)?)`
)

var (
	date          = lazyre.New(`(?i)` + datePlain)
	releaseNumber = lazyre.New(`(?i)(?:^|[\s(\[/` + "`" + `"*_])` + number + `(?:$|[\s)\],;:!?/` + "`" + `"*_]|\.(?:\s|$))`)
	// A release number of an entry's own stands first, words about releases aside: "v4.4.3: new", "Upgraded to v4.4.3".
	firstNumber = lazyre.New(`(?i)^[\s*_\[(#` + "`" + `~-]*(?:(?:the|to|from|mastodon|glitch(?:-soc)?|version|release[ds]?|upgraded?|upgrading|updated?|updating|bump(?:ed)?|moved?|switched)\s+)*[*_\[(` + "`" + `]*` + number + `(?:$|[^\w.@-]|\.(?:\s|$)|-(?:\s|$))`)
	headingOnly = lazyre.New(`^[\s#]*\d+\.\d+[\s#]*$`)
)

// dated tells a text that names a day or a month. The pattern has hundreds of states, and few texts have a year.
func dated(s string) bool { return hasYear(s) && date.MatchString(s) }

// hasYear tells a text with four digits in a row, without which there is no date.
func hasYear(s string) bool {
	digits := 0

	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			digits = 0
		} else if digits++; digits == 4 {
			return true
		}
	}

	return false
}

// hasNumber tells a text with a digit behind a dot, without which there is no number of a release.
func hasNumber(s string) bool {
	for i := range len(s) - 1 {
		if s[i] == '.' && s[i+1] >= '0' && s[i+1] <= '9' {
			return true
		}
	}

	return false
}

// datedHeading tells the heading of a section about one day or one release.
func datedHeading(heading string) bool {
	return dated(heading) || hasNumber(heading) && (releaseNumber.MatchString(heading) || headingOnly.MatchString(heading))
}

// datedItem tells a list item that is about one day or one release.
func datedItem(item string) bool {
	line, _, _ := strings.Cut(item, "\n")

	return dated(line) || hasNumber(line) && firstNumber.MatchString(line)
}

// datedRow tells the row of a table about one day or one release.
func datedRow(cells []string) bool {
	if len(cells) == 0 {
		return false
	}

	return dated(strings.Join(cells, " | ")) || hasNumber(cells[0]) && firstNumber.MatchString(cells[0])
}

var historyName = lazyre.New(`(?i)^(change-?_?logs?|changes|history|news|releases?|release-?_?notes?|upgrad(?:es?|ing)-?_?(?:log|history)|post-?mortems?|incidents?|blog|posts?|journal|archived?|archives|attic)(\.|$)`)

// history tells a document about the past by its path: changelogs, release notes, posts, whatever carries a date in its name.
func history(file string) bool {
	for part := range strings.SplitSeq(file, "/") {
		if historyName.MatchString(strings.TrimPrefix(part, ".")) || dated(strings.ReplaceAll(part, "_", " ")) {
			return true
		}
	}

	return datedName.MatchString(path.Base(file))
}

var datedName = lazyre.New(`(?i)^(?:\d{4}-?\d{2}-?\d{2}|v?\d+\.\d+\.\d+)\b|changelog|release-?_?notes`)
