package drift

import (
	"regexp"
	"strings"
)

// globbed matches a glob with * inside a folder, ** over folders, ? and {a,b} against a whole name.
func globbed(glob, name string) bool {
	re, err := regexp.Compile("^" + globPattern(glob) + "$")

	return err == nil && re.MatchString(name)
}

func globPattern(glob string) string {
	var b strings.Builder

	depth := 0

	for i := 0; i < len(glob); i++ {
		switch rest := glob[i:]; {
		case strings.HasPrefix(rest, "**/"):
			b.WriteString("(?:.*/)?")

			i += 2
		case strings.HasPrefix(rest, "**"):
			b.WriteString(".*")

			i++
		case rest[0] == '*':
			b.WriteString("[^/]*")
		case rest[0] == '?':
			b.WriteString("[^/]")
		case rest[0] == '{':
			b.WriteString("(?:")

			depth++
		case rest[0] == '}' && depth > 0:
			b.WriteString(")")

			depth--
		case rest[0] == ',' && depth > 0:
			b.WriteString("|")
		default:
			b.WriteString(regexp.QuoteMeta(rest[:1]))
		}
	}

	return b.String()
}
