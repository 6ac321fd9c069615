package weigh

// Markdown is how many steps a Markdown text may take to parse, about: what opens
// or closes emphasis or a link is held against all of its paragraph, and what
// begins a quotation or a list against all that it is inside of. A document that
// people read takes some thousands; half a megabyte of "_a*" takes 10^11, which
// are minutes.
func Markdown[T []byte | string](text T) int {
	steps, marks := 0, 0

	for start := 0; start < len(text); {
		end := start
		for end < len(text) && text[end] != '\n' {
			end++
		}

		depth, blank := 0, true
		inside := true // of the containers that the line begins with

		for _, c := range []byte(text[start:end]) {
			blank = blank && (c == ' ' || c == '\t' || c == '\r')

			switch c {
			case '*', '_', '[', ']', '!', '~':
				marks++
			}

			switch {
			case !inside || c == ' ' || c == '\t' || c >= '0' && c <= '9':
			case c == '>' || c == '-' || c == '+' || c == '*' || c == '.' || c == ')':
				depth++
			default:
				inside = false
			}
		}

		steps += depth * depth

		if blank {
			steps += marks * marks
			marks = 0
		}

		start = end + 1
	}

	return steps + marks*marks
}
