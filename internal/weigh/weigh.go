package weigh

import "fmt"

// Max is how many values a file may hold, about: a quarter of a million lines.
// Parsed, that is some 200 MB.
const Max = 500_000

// Error is a text that holds too much to be parsed.
type Error struct{ Values int }

func (e *Error) Error() string { return fmt.Sprintf("holds more than %d values", Max) }

// Check tells of a text that holds more than Max values: an *Error.
func Check[T []byte | string](text T) error {
	if n := Values(text); n > Max {
		return &Error{n}
	}

	return nil
}

// Values is how many values a text holds, at the most: every line, comma and
// bracket, every dash and colon that a space follows.
func Values[T []byte | string](text T) int {
	n := 1

	for i := range len(text) {
		switch text[i] {
		case '\n', ',', '[', '{':
			n++
		case '-', ':', '?':
			if i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\n' || text[i+1] == '\t' || text[i+1] == '\r' {
				n++
			}
		}
	}

	return n
}
