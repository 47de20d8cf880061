// Verify a bundle with the Go team's own packages, and nothing of the ledger's:
//
//	verify DIR VKEY [KEPT-CHECKPOINT ...]
//
// golang.org/x/mod/sumdb/note opens the notes; tlog hashes every entry again, which gives the tree
// that everything else is held against: the root by CheckTree, each entry by CheckRecord, each tile
// byte by byte. TileHashReader is not used: before x/mod 0.40.0 it accepted forged tiles of level 0
// (CVE-2026-56865), and Debian's x/mod is older.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256

type head struct {
	size int64
	root tlog.Hash
}

// Every hash of the tree, in tlog's own order, made from the entries alone.
type stored []tlog.Hash

func (all stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(all)) {
			return nil, fmt.Errorf("hash %d: the entries do not reach so far", index)
		}
		found[i] = all[index]
	}
	return found, nil
}

func opened(told []byte, by note.Verifiers) head {
	read, err := note.Open(told, by)
	must(err)
	lines := strings.Split(read.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		fail("not a checkpoint: %q", read.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	if len(root) != tlog.HashSize {
		fail("not a root: %q", lines[2])
	}
	return head{size, *(*tlog.Hash)(root)}
}

func path(level int, index, count int64) string {
	tile := tlog.Tile{H: height, L: level, N: index, W: width}
	if rest := count - index*width; rest < width {
		tile.W = int(rest)
	}
	// tlog writes tile/8/L/…, which C2SP tlog-tiles shortens to tile/L/…, and data for entries.
	told := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return filepath.Join("tile", strings.Replace(told, "data/", "entries/", 1))
}

// The entries of the bundles, one after another.
func entries(dir string, size int64) [][]byte {
	var found [][]byte
	for index := int64(0); index*width < size; index++ {
		told := read(dir, path(-1, index, size))
		for len(told) > 0 {
			if len(told) < 2 || len(told) < 2+int(binary.BigEndian.Uint16(told)) {
				fail("bundle %d ends in the middle of an entry", index)
			}
			length := 2 + int(binary.BigEndian.Uint16(told))
			found = append(found, told[2:length])
			told = told[length:]
		}
	}
	if int64(len(found)) != size {
		fail("%d entries, and %d were signed", len(found), size)
	}
	return found
}

func main() {
	dir, vkey := os.Args[1], os.Args[2]
	verifier, err := note.NewVerifier(vkey)
	must(err)
	by := note.VerifierList(verifier)
	signed := opened(read(dir, "checkpoint"), by)
	told := entries(dir, signed.size)

	var all stored
	for n, entry := range told {
		hashes, err := tlog.StoredHashes(int64(n), entry, all)
		must(err)
		all = append(all, hashes...)
	}
	older := []head{signed}
	for _, each := range os.Args[3:] {
		kept, err := os.ReadFile(each)
		must(err)
		older = append(older, opened(kept, by))
	}
	for _, each := range older {
		if each.size > signed.size {
			fail("a checkpoint of %d events was kept, and there are %d", each.size, signed.size)
		}
		proof, err := tlog.ProveTree(signed.size, each.size, all)
		must(err)
		must(tlog.CheckTree(proof, signed.size, signed.root, each.size, each.root))
	}
	for n, entry := range told {
		proof, err := tlog.ProveRecord(signed.size, int64(n), all)
		must(err)
		must(tlog.CheckRecord(proof, signed.size, signed.root, int64(n), tlog.RecordHash(entry)))
	}
	tiles(dir, signed.size, all)
	fmt.Printf("VERIFIED %d %s\n", signed.size, signed.root)
}

// Every tile of hashes is what the entries make it.
func tiles(dir string, size int64, all stored) {
	for level, count := 0, size; count > 0; level, count = level+1, count/width {
		for index := int64(0); index*width < count; index++ {
			var made []byte
			for n := index * width; n < count && n < (index+1)*width; n++ {
				hash := all[tlog.StoredHashIndex(level*height, n)]
				made = append(made, hash[:]...)
			}
			if !bytes.Equal(made, read(dir, path(level, index, count))) {
				fail("%s is not over these entries", path(level, index, count))
			}
		}
	}
}

func read(dir, name string) []byte {
	told, err := os.ReadFile(filepath.Join(dir, name))
	must(err)
	return told
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, what ...interface{}) {
	fmt.Printf("NOT VERIFIED: "+format+"\n", what...)
	os.Exit(1)
}
