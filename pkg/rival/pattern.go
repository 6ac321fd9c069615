package rival

import (
	"regexp"
	"strings"
)

// matchList is how Renovate matches a name against a list: one of the positive patterns must match, and all of the negative
// ones ("!…"). A list of negative ones alone admits the rest. The second answer is false where a pattern cannot be read.
func matchList(name string, patterns []string) (matches, known bool) {
	positive, matched := false, false

	for _, p := range patterns {
		not := strings.HasPrefix(p, "!")

		found, ok := matchOne(name, strings.TrimPrefix(p, "!"))
		if !ok {
			return false, false
		}

		if not {
			if found {
				return false, true
			}

			continue
		}

		positive, matched = true, matched || found
	}

	return len(patterns) > 0 && (matched || !positive), true
}

// matchOne matches a regular expression between slashes, or a glob.
func matchOne(name, pattern string) (matches, known bool) {
	if pattern == "*" {
		return true, true
	}

	expression, ok := slashed(pattern)
	if !ok {
		expression = globExpression(pattern, true)
	}

	return matchExpression(name, expression)
}

// slashed is what stands between the slashes of "/…/" and "/…/i".
func slashed(pattern string) (string, bool) {
	inner, ok := strings.CutPrefix(pattern, "/")
	if !ok || len(inner) == 0 {
		return "", false
	}

	if s, ok := strings.CutSuffix(inner, "/i"); ok {
		return "(?i)" + s, true
	}

	return strings.CutSuffix(inner, "/")
}

// matchExpression matches a regular expression of Renovate's, which are RE2 as Go's are.
func matchExpression(name, expression string) (matches, known bool) {
	re, err := regexp.Compile(expression)
	if err != nil {
		return false, false
	}

	return re.MatchString(name), true
}

// globExpression is a glob as a regular expression: ** crosses folders, {a,b} is either.
func globExpression(glob string, fold bool) string {
	var b strings.Builder

	b.WriteString("(?s)^")

	if fold {
		b.WriteString("(?i)")
	}

	braces := 0

	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case strings.HasPrefix(glob[i:], "**/"):
			b.WriteString("(?:.*/)?")

			i += 2
		case strings.HasPrefix(glob[i:], "**"):
			b.WriteString(".*")

			i++
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '{' && strings.Contains(glob[i:], "}"):
			b.WriteString("(?:")

			braces++
		case c == '}' && braces > 0:
			b.WriteString(")")

			braces--
		case c == ',' && braces > 0:
			b.WriteString("|")
		case c == '[' && strings.Contains(glob[i:], "]"):
			end := i + strings.IndexByte(glob[i:], ']')
			b.WriteString(strings.Replace(glob[i:end+1], "[!", "[^", 1))

			i = end
		default:
			b.WriteString(regexp.QuoteMeta(glob[i : i+1]))
		}
	}

	b.WriteString("$")

	return b.String()
}

// wildcard matches as Dependabot does: * is anything, slashes too, and letters' case is nothing.
func wildcard(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}

	matches, _ := matchExpression(name, "(?i)^"+strings.Join(parts, ".*")+"$")

	return matches
}
