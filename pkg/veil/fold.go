package veil

import "strings"

// fold takes line breaks out of a text, as they are and as JSON writes them,
// and tells where each byte of the rest was; nil where there are none.
func fold(text string) (string, []int) {
	if !strings.Contains(strings.TrimRight(text, "\r\n"), "\n") && !strings.Contains(text, `\n`) && !strings.Contains(text, `\r`) {
		return text, nil
	}

	var (
		b  strings.Builder
		at = make([]int, 0, len(text)+1)
	)

	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\n' || text[i] == '\r':
			continue
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == 'n' || text[i+1] == 'r'):
			i++

			continue
		}

		b.WriteByte(text[i])
		at = append(at, i)
	}

	return b.String(), append(at, len(text))
}

// unfold hides in text what is found in what was folded of it.
func unfold(text, folded string, at []int, forms []string) string {
	hidden := make([]bool, len(text)) // bytes of a secret

	for _, form := range forms {
		for from := 0; ; {
			i := strings.Index(folded[from:], form)
			if i < 0 {
				break
			}

			from += i
			for j := at[from]; j <= at[from+len(form)-1]; j++ {
				hidden[j] = true
			}

			from += len(form)
		}
	}

	var out strings.Builder

	for i := range len(text) {
		switch {
		case !hidden[i]:
			out.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			out.WriteString(Hidden)
		}
	}

	return out.String()
}
