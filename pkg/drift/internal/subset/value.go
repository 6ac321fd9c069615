package subset

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// plain makes one shape of what YAML and JSON decode to.
func plain(v any) any {
	switch v := v.(type) {
	case map[any]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[fmt.Sprint(key)] = value
		}

		return out
	case []string:
		out := make([]any, 0, len(v))
		for _, s := range v {
			out = append(out, s)
		}

		return out
	default:
		return v
	}
}

func scalar(v any) bool {
	switch plain(v).(type) {
	case map[string]any, []any:
		return false
	default:
		return v != nil
	}
}

// empty tells a value that an API server drops.
func empty(v any) bool {
	switch v := plain(v).(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case map[string]any:
		for _, below := range v {
			if !empty(below) {
				return false
			}
		}

		return true
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !empty(item) })
	default:
		return text(v) == "0"
	}
}

// same tells that two scalars mean the same.
func same(want, have any, steps []string) bool {
	if text(want) == text(have) {
		return true
	}

	if !slices.ContainsFunc(steps, quantitative) {
		return false
	}

	a, ok := quantity(text(want))
	b, ok2 := quantity(text(have))

	return ok && ok2 && a.Cmp(b) == 0
}

// quantitative tells a field whose value, or all below it, are quantities: 1000m and 1 are one.
func quantitative(step string) bool {
	return slices.Contains([]string{"requests", "limits", "capacity", "hard", "sizeLimit", "averageValue", "divisor"}, step)
}

// quantity reads the notation of Kubernetes: 250m, 1.5, 2Gi, 1e3.
func quantity(s string) (*big.Rat, bool) {
	digits := strings.TrimRight(s, "numkKMGTPEi")

	unit, ok := units[s[len(digits):]]
	if !ok || len(digits) > 40 || strings.ContainsAny(digits, "/_xX") {
		return nil, false
	}

	if mantissa, exponent, found := strings.Cut(strings.ToLower(digits), "e"); found && (len(exponent) > 3 || mantissa == "") {
		return nil, false // nobody has that much
	}

	value, ok := new(big.Rat).SetString(digits)
	if !ok {
		return nil, false
	}

	return value.Mul(value, unit), true
}

var units = map[string]*big.Rat{
	"n": big.NewRat(1, 1e9), "u": big.NewRat(1, 1e6), "m": big.NewRat(1, 1e3), "": big.NewRat(1, 1),
	"k": big.NewRat(1e3, 1), "M": big.NewRat(1e6, 1), "G": big.NewRat(1e9, 1), "T": big.NewRat(1e12, 1), "P": big.NewRat(1e15, 1), "E": big.NewRat(1e18, 1),
	"Ki": big.NewRat(1<<10, 1), "Mi": big.NewRat(1<<20, 1), "Gi": big.NewRat(1<<30, 1),
	"Ti": big.NewRat(1<<40, 1), "Pi": big.NewRat(1<<50, 1), "Ei": big.NewRat(1<<60, 1),
}

// text is a scalar in words.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strings.TrimSuffix(big.NewFloat(v).Text('f', -1), ".0")
	default:
		return fmt.Sprint(v)
	}
}

func texts(list []any) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, words(v))
	}

	return out
}

const shown = 200 // characters of a value

// words is a value for a message: what is composed as JSON, cut short.
func words(v any) string {
	out := text(v)

	if v != nil && !scalar(v) {
		data, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}

		out = string(data)
	}

	if runes := []rune(out); len(runes) > shown {
		return string(runes[:shown]) + "…"
	}

	return out
}
