package cli

import (
	"iter"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/fleet"
)

// ordered puts repositories, which end in any order, in the order in which they
// are listed.
type ordered struct {
	members []fleet.Member
	ends    map[string]ending
	shown   int
}

type ending struct {
	result *bot.Result
	err    error
}

func (o *ordered) add(end fleet.Outcome, result *bot.Result) {
	o.ends[end.Name] = ending{result, end.Err}
}

// ready are those that can be shown now, once each.
func (o *ordered) ready() iter.Seq[ending] {
	return func(yield func(ending) bool) {
		for o.shown < len(o.members) {
			e, ok := o.ends[o.members[o.shown].Name]
			if !ok {
				return
			}

			o.shown++

			if !yield(e) {
				return
			}
		}
	}
}

func (o *ordered) errors() []error {
	errs := make([]error, 0, len(o.members))
	for _, m := range o.members {
		errs = append(errs, o.ends[m.Name].err)
	}

	return errs
}

func (o *ordered) contract() contract.Run {
	out := contract.NewRun()

	for _, m := range o.members {
		if e, ok := o.ends[m.Name]; ok {
			out.Repositories = append(out.Repositories, runContract(e.result, e.err))
		}
	}

	return out
}
