package registry

import "strings"

// nextLinks reads RFC 8288 Link headers and gives the targets with rel=next. A header without any rel, as old registries send it, counts
// as next.
func nextLinks(headers []string) []string {
	var next []string

	for _, header := range headers {
		for rest := header; ; {
			_, after, found := strings.Cut(rest, "<")
			target, parameters, closed := strings.Cut(after, ">")
			if !found || !closed {
				break
			}

			// Parameters end where the next link begins; a comma inside quotes can't hold ", <".
			own, _, _ := strings.Cut(parameters, "<")
			if isNext(own) && target != "" {
				next = append(next, target)
			}

			rest = parameters
		}
	}

	return next
}

func isNext(parameters string) bool {
	anyRel := false
	for parameter := range strings.SplitSeq(parameters, ";") {
		key, value, _ := strings.Cut(strings.Trim(parameter, " \t,"), "=")
		if !strings.EqualFold(strings.TrimSpace(key), "rel") {
			continue
		}

		anyRel = true
		for rel := range strings.FieldsSeq(strings.Trim(strings.TrimSpace(value), `"`)) {
			if strings.EqualFold(rel, "next") {
				return true
			}
		}
	}

	return !anyRel
}
