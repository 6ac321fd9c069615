package drift

import (
	"fmt"
	"time"

	"github.com/goingdark-social/bot/pkg/severity"
)

func tagMoved() Check {
	return Check{
		ID: "tag-moved", Severity: severity.Error, Title: "tags that no longer point to what they did",
		Doc: `A release is built once. A tag of one that points elsewhere than when it was first seen, or than the digest that pins it, was
pushed again: nodes then run different images under one name, and what was tried is not what runs next. Tags that are meant to move
(latest, v4.4, nightly) are none of this check's.`,
		Needs: Registry,
		find:  findTagMoved,
	}
}

func findTagMoved(in *Input) []Finding {
	var out []Finding

	in.published(func(u usage, p PublishedImage) {
		if p.Missing || p.Points == "" || u.Tag == "" || in.floats(u.Tag) {
			return
		}

		f := u.finding()
		name := u.Image + ":" + u.Tag

		switch {
		case u.Digest != "" && u.Digest != p.Points:
			f.Message, f.Expected = fmt.Sprintf("%s points to %s and is pinned to %s", name, p.Points, u.Digest), u.Digest
		case u.Digest == "" && p.First != "" && p.First != p.Points:
			f.Message, f.Expected = fmt.Sprintf("%s points to %s, and pointed to %s on %s", name, p.Points, p.First, p.Seen.UTC().Format(time.DateOnly)), p.First
		default:
			return
		}

		f.Actual = p.Points
		f.Fix = "Find out who pushed the tag again; pin the digest that you trust, or move to another release."
		out = append(out, f)
	})

	return out
}
