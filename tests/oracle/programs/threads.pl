# Threads that are copies of the whole interpreter; the last one is joined first.
use threads;

my @kept = map { "line $_ " x $_ } 1 .. 60;
for my $batch (1 .. 2) {
    my @threads = map {
        my $number = $_;
        threads->create(sub {
            my ($late, %words) = 0;
            for my $word (1 .. 40 * $number) {
                $late += $_ for 1 .. 5_000; # so that they run at the same time
                $words{$word} = length $kept[$word % 60];
            }
            my $text = join ",", map { "$_=$words{$_}" x $batch } sort keys %words;
            return length $text;
        });
    } 1 .. 3;
    my @lengths = map { $_->join } reverse @threads;
    push @kept, "x" x $_ for @lengths;
}
