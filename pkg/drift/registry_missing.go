package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/severity"
)

func tagMissing() Check {
	return Check{
		ID: "tag-missing", Severity: severity.Error, Title: "images in use that the registry no longer has",
		Doc: `A tag, or the digest that pins one, that is gone from the registry runs on where a node has it cached and fails on the next
node: the moment for that to show is a node that died. A registry that cannot be asked is no finding.`,
		Needs: Registry,
		find:  findTagMissing,
	}
}

func findTagMissing(in *Input) []Finding {
	var out []Finding

	in.published(func(u usage, p PublishedImage) {
		if !p.Missing {
			return
		}

		f := u.finding()
		f.Message = fmt.Sprintf("the registry has no %s", u)
		f.Expected, f.Actual = u.String(), "not in the registry"
		f.Fix = "Move to a release that is there (`bot releases` lists them), or push the image again."
		out = append(out, f)
	})

	return out
}

func platformMissing() Check {
	return Check{
		ID: "platform-missing", Severity: severity.Error, Title: "images in use that lack a platform",
		Doc: `The platforms that ` + "`bot.yaml`" + ` asks for (linux/amd64 unless it says more) are held against those that can be pulled. Upstream
builds each platform apart and merges them afterwards, so that one can be missing; a clean-up of untagged images takes single ones away.`,
		Needs: Registry,
		find:  findPlatformMissing,
	}
}

func findPlatformMissing(in *Input) []Finding {
	var out []Finding

	in.published(func(u usage, p PublishedImage) {
		if p.Missing {
			return // all of them are
		}

		var lacks []string

		for _, want := range in.Policy.Platforms {
			if !slices.Contains(p.Platforms, want) {
				lacks = append(lacks, want)
			}
		}

		if len(lacks) == 0 {
			return
		}

		f := u.finding()
		f.Message = fmt.Sprintf("%s cannot be pulled for %s", u, strings.Join(lacks, " and "))
		f.Expected, f.Actual = strings.Join(in.Policy.Platforms, ", "), strings.Join(p.Platforms, ", ")
		f.Fix = "Move to a release that has every platform, or take the platform out of `platforms` in bot.yaml if no node needs it."
		out = append(out, f)
	})

	return out
}
