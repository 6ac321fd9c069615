package trees_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// bomb is a list of lists that are the same nine over and over: a billion
// values to whoever follows each alias.
func bomb(image string) string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "a0: &a0 [%q]\n", image)

	for i := 1; i < 10; i++ {
		fmt.Fprintf(b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}

	return b.String()
}

func nesting() []folderCase {
	return []folderCase{
		{name: "aliases that unfold to a billion values", make: func(f folder) {
			f.put("app/bomb.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  "+strings.ReplaceAll(bomb("x"), "\n", "\n  "))
			f.put("other/kustomization.yaml", bomb("x")+"resources: *a9\n")
			f.put(".github/dependabot.yml", bomb("x")+"updates: *a9\n")
			f.kustomization("", "bomb.yaml")
		}},
		{name: "the same in a patch", make: func(f folder) {
			f.put("app/bomb.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  "+strings.ReplaceAll(bomb("x"), "\n", "\n  "))
			f.kustomization("patches: [{path: bomb.yaml}]\n")
		}},
		{name: "the same in bot.yaml", refused: true, make: func(f folder) { f.put("bot.yaml", bomb("x")+"version: 1\n") }},
		{name: "an alias of what it is in", make: func(f folder) {
			f.put("app/self.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: &a {x: *a}\n")
			f.put("other/kustomization.yaml", "resources: &a [*a]\n")
			f.kustomization("", "self.yaml")
		}},
		{name: "lists in lists, 9,000 deep", make: func(f folder) {
			deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
			f.put("app/deep.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: "+deep+"\n")
			f.put("renovate.json", deep)
			f.kustomization("", "deep.yaml")
		}},
		{name: "lists in lists, 200,000 deep", make: func(f folder) {
			deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
			f.put("other/deep.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: "+deep+"\n")
			f.put("other/deep.json", deep)
			f.put("other/kustomization.yaml", "resources: "+deep+"\n")
			f.put("renovate.json", deep)
		}},
		{name: "folders in folders, 1,500 deep", refused: true, make: func(f folder) { f.deep(1500) }},
	}
}

// deep makes folders that are too deep for one path.
func (f folder) deep(levels int) {
	f.t.Helper()

	at, err := os.Open(filepath.Join(f.dir, "tree"))
	must(f.t, err)

	for range levels {
		must(f.t, syscall.Mkdirat(int(at.Fd()), "deeper", 0o755))

		fd, err := syscall.Openat(int(at.Fd()), "deeper", syscall.O_RDONLY|syscall.O_DIRECTORY, 0)
		must(f.t, err)
		must(f.t, at.Close())

		at = os.NewFile(uintptr(fd), "deeper")
	}

	must(f.t, at.Close())
}

func nestedBases() []folderCase {
	return []folderCase{
		{name: "lists that unfold to 2^30 folders", refused: true, make: func(f folder) {
			for i := range 30 {
				for _, side := range []string{"a", "b"} {
					f.put(fmt.Sprintf("l%d%s/kustomization.yaml", i, side), fmt.Sprintf("resources: [../l%da, ../l%db]\n", i+1, i+1))
				}
			}

			for _, side := range []string{"a", "b"} {
				f.put("l30"+side+"/kustomization.yaml", "resources: [x.yaml]\n")
				f.put("l30"+side+"/x.yaml", pod("v4.4.3"))
			}

			f.kustomization("", "../l0a", "../l0b")
		}},
		{name: "components that unfold to 2^30", refused: true, make: func(f folder) {
			for i := range 31 {
				for _, side := range []string{"a", "b"} {
					f.put(fmt.Sprintf("l%d%s/kustomization.yaml", i, side), fmt.Sprintf("kind: Component\ncomponents: [../l%da, ../l%db]\n", i+1, i+1))
				}
			}

			f.kustomization("components: [../l0a, ../l0b]\n")
		}},
		{name: "bases that unfold to 2^30 objects", refused: true, make: func(f folder) {
			for i := range 30 {
				for _, side := range []string{"a", "b"} {
					f.put(fmt.Sprintf("l%d%s/kustomization.yaml", i, side), fmt.Sprintf("namePrefix: %s\nresources: [../l%da, ../l%db]\n", side, i+1, i+1))
				}
			}

			for _, side := range []string{"a", "b"} {
				f.put("l30"+side+"/kustomization.yaml", "namePrefix: "+side+"\nresources: [x.yaml]\n")
				f.put("l30"+side+"/x.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n")
			}

			f.kustomization("", "../l0a", "../l0b")
		}},
		{name: "5,000 patches for each of 5,000 objects", large: true, make: func(f folder) {
			f.put("app/objects.yaml", strings.Repeat("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: x}\n", 5000))
			f.kustomization("patches:\n"+strings.Repeat("- {target: {kind: .*}, patch: \"[]\"}\n", 5000), "objects.yaml")
		}},
		{name: "bases that are their own", make: func(f folder) {
			f.put("b/kustomization.yaml", "resources: [../c]\n")
			f.put("c/kustomization.yaml", "resources: [../b, .]\n")
			f.kustomization("", "../b")
		}},
	}
}
