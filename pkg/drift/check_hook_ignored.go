package drift

import (
	"fmt"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func hookIgnored() Check {
	return Check{
		ID: "hook-ignored", Severity: severity.Warning, Title: "hooks that the engine ignores",
		Doc: `Flux's Kustomizations apply every object as it is: a hook annotation of Argo CD or Helm means nothing to them, so the order that
it promises does not exist. Argo CD honours both kinds. Where nothing tells the engine, nothing is said.`,
		find: findIgnored,
	}
}

func findIgnored(in *Input) []Finding {
	if in.Engine != inventory.EngineFlux {
		return nil
	}

	var out []Finding

	for _, o := range in.objects {
		for _, key := range []string{"argocd.argoproj.io/hook", "helm.sh/hook"} {
			value := node.Text(node.Get(o.node, "metadata", "annotations", key))
			if value == "" {
				continue
			}

			out = append(out, Finding{
				Place: o.at("metadata", "annotations", key), Components: in.componentsOf(o), Name: o.base,
				Message:  fmt.Sprintf("%s is a hook (%s) that Flux ignores: it is applied together with everything else", o.title(), value),
				Expected: "an order that Flux knows", Actual: key + ": " + value,
				Fix: "Give it a Flux Kustomization of its own that the others name under dependsOn.",
			})
		}
	}

	return out
}
