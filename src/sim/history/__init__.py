"""What happened: crises and disputes as coded by others, baselines that predict them, scores for any prediction."""
