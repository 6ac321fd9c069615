package drift

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/severity"
)

func revisionMismatch() Check {
	return Check{
		ID: "revision-mismatch", Severity: severity.Error, Title: "images of one release built from different sources",
		Doc: `Web carries the commit it was built from since 4.4.0, nightlies the name of their night; where what is known of the images of one
release contradicts, one of them is another build under the same tag. Streaming never tells its commit: unknown is no finding.`,
		Needs: Registry,
		find:  findRevisionMismatch,
	}
}

func findRevisionMismatch(in *Input) []Finding {
	var out []Finding

	for _, c := range in.Outside.Registry.Contradictions {
		var f Finding

		for _, u := range in.usages() {
			switch {
			case u.Tag != c.Tag:
			case f.File == "":
				f = u.finding()
				f.Name = u.Tag
			default:
				f.Components = append(f.Components, u.components...)
				f.Related = append(slices.Concat(f.Related, u.related), u.place)
			}
		}

		if f.File == "" {
			continue // of no image in use
		}

		f.Message, f.Expected, f.Actual = c.Message, "one source for every image of "+c.Tag, c.Message
		f.Fix = "Wait for the registry to be put right, or move to another release; do not roll this one out further."
		out = append(out, f)
	}

	return out
}
