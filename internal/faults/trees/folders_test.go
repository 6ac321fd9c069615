package trees_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// folders are the kinds of hostility that a tree on a disk can have.
func folders() []folderCase {
	return slices.Concat(links(), names(), sizes(), nesting(), nestedBases(), network())
}

func links() []folderCase {
	return []folderCase{
		{name: "links to files and folders outside", make: func(f folder) {
			f.link("app/out.yaml", filepath.Join(f.dir, "outside/pod.yaml"))
			f.link("app/relative.yaml", "../../outside/pod.yaml")
			f.link("app/folder", "../../outside")
			f.link("docs/token.md", "../../outside/token")
			f.link("renovate.json", "../outside/token")
			f.link("app/zero.yaml", "/dev/zero")
		}},
		{name: "links outside that a kustomization names", make: func(f folder) {
			f.link("app/out.yaml", "../../outside/pod.yaml")
			f.link("app/folder", "../../outside")
			f.link("app/zero.yaml", "/dev/zero")
			f.link("app/env", "/proc/self/environ")
			f.kustomization("configMapGenerator: [{name: x, files: [env, folder/token], envs: [zero.yaml]}]\n", "out.yaml", "folder", "zero.yaml")
		}},
		{name: "chains and circles of links", make: func(f folder) {
			for i := range 60 {
				f.link(fmt.Sprintf("app/l%d.yaml", i), fmt.Sprintf("l%d.yaml", i+1))
				f.link(fmt.Sprintf("app/d%d", i), fmt.Sprintf("d%d", i+1))
			}

			f.link("app/l60.yaml", "../../outside/pod.yaml")
			f.link("app/d60", "../../outside")
			f.link("app/a.yaml", "b.yaml")
			f.link("app/b.yaml", "a.yaml")
			f.link("app/self", ".")
			f.link("app/up", "..")
			f.kustomization("", "l0.yaml", "d0", "a.yaml", "self/web.yaml")
		}},
		{name: "bot.yaml leads outside", refused: true, make: func(f folder) { f.link("bot.yaml", "../outside/bot.yaml") }},
		{name: "the pod itself is a link outside", refused: true, make: func(f folder) {
			must(f.t, os.Rename(filepath.Join(f.dir, "tree/app/web.yaml"), filepath.Join(f.dir, "tree/app/kept.yaml")))
			f.link("app/web.yaml", "kept.yaml")
			f.link("app/more.yaml", "../../outside/pod.yaml")
			f.put("app/kustomization.yaml", "resources: [web.yaml]\nimages: [{name: ghcr.io/glitch-soc/mastodon, newTag: \"${TAG}\"}]\n")
		}},
		{name: "paths that lead up, and absolute ones", make: func(f folder) {
			f.kustomization("configMapGenerator: [{name: x, files: [../../outside/token, /etc/passwd, k=../../outside/token]}]\n"+
				"patches: [{path: ../../outside/pod.yaml}]\nopenapi: {path: ../../outside/token}\ncrds: [/etc/passwd]\n",
				"../../outside", "../../outside/pod.yaml", filepath.Join(f.dir, "outside"), "app/../../../outside/pod.yaml", "/proc/self/environ")
		}},
		{name: "pipes and devices", make: func(f folder) {
			at := func(name string) string { return filepath.Join(f.dir, "tree", filepath.FromSlash(name)) }
			must(f.t, syscall.Mkfifo(at("app/pipe.yaml"), 0o644))
			must(f.t, syscall.Mkfifo(at("bot.yml"), 0o644))
			must(f.t, syscall.Mkfifo(at("renovate.json"), 0o644))

			if os.Geteuid() == 0 { // only root makes devices
				_ = syscall.Mknod(at("app/zero.yaml"), syscall.S_IFCHR|0o644, 1<<8|5)
			}

			f.kustomization("configMapGenerator: [{name: x, files: [pipe.yaml, zero.yaml]}]\n", "pipe.yaml")
		}},
	}
}

func names() []folderCase {
	return []folderCase{
		{name: "files named like options", make: func(f folder) {
			for _, name := range []string{"--help", "-rf", "--config=x", "-", "--", "-o json", " ", "$(touch x)", "`id`", ";reboot", "|cat", "*", "%s%n"} {
				f.put("app/"+name, "ghcr.io/glitch-soc/mastodon:v4.4.3\n")
				f.put("other/"+name+"/x.yaml", "a: b\n")
			}
		}},
		{name: "names that a terminal obeys", make: func(f folder) {
			for _, name := range []string{"\x1b[31mred\x1b]0;title\x07", "new\nline", "\u202eevil\u2066", "\x7f\x08\x08", "\u0085\u009b31m", "tab\ttab", "\r"} {
				f.put("app/"+name+".yaml", "image: ghcr.io/glitch-soc/mastodon:v4.4.3\nbroken: [\n")
				f.put("app/"+name+".txt", "ghcr.io/glitch-soc/mastodon:v4.4.3\n")
			}
		}, refused: true},
		{name: "names that a terminal obeys, of what is in order", make: func(f folder) {
			for _, name := range []string{"\x1b[31mred\x1b]0;title\x07", splitting, "\u202eevil\u2066", "\x7f\x08\x08", "tab\ttab", "\r"} {
				f.put("app/"+name+"/pod.yaml", pod("v4.4.3"))
			}
		}},
		{name: "names that are no UTF-8, and that differ by case", make: func(f folder) {
			for _, name := range []string{"\xff\xfe", "a\xc3", "Case", "case", "CASE", "é", "e\u0301"} {
				f.put("app/"+name+".txt", "ghcr.io/glitch-soc/mastodon:v4.4.3\n")
				f.put("App/"+name+".yaml", "a: b\n")
			}
		}, refused: true},
		{name: ".git, submodules and repositories inside", make: func(f folder) {
			f.put(".git/config", "[core]\n\tfsmonitor = touch "+f.dir+"/started\n\tpager = false\n[alias]\n\tdiff = !touch "+f.dir+"/started\n")
			f.put(".git/pod.yaml", pod(canary))
			f.put("other/.git/pod.yaml", pod(canary))
			f.put("other/pod.yaml", pod("v4.4.3"))
			f.put("app/.GIT/pod.yaml", pod(canary))
			f.put("sub/.git", "gitdir: ../../outside\n")
			f.put("sub/pod.yaml", pod("v4.4.3"))
			f.put(".gitmodules", "[submodule \"x\"]\n\tpath = sub\n\turl = http://"+f.listener+"/x.git\n")
			f.put(".gitattributes", "* filter=x diff=x\n")
			f.kustomization("", ".git/pod.yaml", "../.git")
		}},
	}
}

func sizes() []folderCase {
	sparse := func(f folder, name string, size int64) {
		f.put(name, "")
		must(f.t, os.Truncate(filepath.Join(f.dir, "tree", filepath.FromSlash(name)), size))
	}

	return []folderCase{
		{name: "a manifest of 1 GB", refused: true, memory: 200, make: func(f folder) {
			sparse(f, "app/huge.yaml", 1<<30)
			f.kustomization("configMapGenerator: [{name: x, files: [huge.yaml]}]\n", "huge.yaml")
		}},
		{name: "every file that is looked for by name has 1 GB", refused: true, memory: 200, large: true, make: func(f folder) {
			for _, name := range []string{"README.md", "renovate.json", ".github/dependabot.yml", "other/kustomization.yaml", "x/Chart.yaml", "x/values.yaml"} {
				sparse(f, name, 1<<30)
			}
		}},
		{name: "100 files of 60 MB in one ConfigMap", memory: 600, large: true, make: func(f folder) {
			more := "configMapGenerator:\n- name: x\n  files:\n"
			for i := range 100 {
				sparse(f, fmt.Sprintf("app/x%d", i), 60<<20)
				more += fmt.Sprintf("  - x%d\n", i)
			}

			f.kustomization(more)
		}},
		{name: "8 million values in one manifest", refused: true, memory: 700, large: true, make: func(f folder) {
			f.put("app/many.yaml", pod("v4.4.3")+"x:\n"+strings.Repeat("- []\n", 8<<20))
			f.kustomization("", "many.yaml")
		}},
		{name: "a million values in ten manifests", refused: true, memory: 900, large: true, make: func(f folder) {
			for i := range 12 {
				f.put(fmt.Sprintf("app/many%d.yaml", i), pod("v4.4.3")+"x: ["+strings.Repeat("[],", 60_000)+"]\n")
			}
		}},
		{name: "2 million values in JSON and in a kustomization", refused: true, memory: 400, make: func(f folder) {
			f.put("app/many.json", `["ghcr.io/glitch-soc/mastodon:v4.4.3"`+strings.Repeat(",[]", 1<<20)+"]")
			f.put("other/kustomization.yaml", "resources: ["+strings.Repeat("a,", 1<<20)+"]\n")
		}},
		{name: "100,000 files", memory: 500, large: true, make: func(f folder) {
			for i := range 100_000 {
				f.put(fmt.Sprintf("more/%d/%d.yaml", i/100, i), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n")
			}
		}},
		{name: "2,000 kustomizations that list each other", memory: 400, large: true, make: func(f folder) {
			for i := range 2000 {
				f.put(fmt.Sprintf("k/%d/kustomization.yaml", i), fmt.Sprintf("resources: [../%d, ../%d]\n", (i+1)%2000, (i+7)%2000))
			}
		}},
	}
}
