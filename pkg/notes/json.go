package notes

import (
	"encoding/json"
	"strconv"
)

// jsonString is a string as JSON writes it.
func jsonString(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s) // strings always marshal
	}
	return string(out)
}
